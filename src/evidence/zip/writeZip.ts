import { crc32, createDeflateRaw } from "node:zlib";

/** One file of a zip. Its content is asked for when its turn comes, and only then. */
export interface ZipEntry {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Given for what is stored as it is, which some readers can only take when they know this beforehand. */
  readonly stored?: { readonly size: number; readonly crc32: number };
}

interface Written {
  readonly name: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly size: number;
  readonly packedSize: number;
  readonly offset: number;
}

const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
const UTF8 = 0x0800;
const DESCRIPTOR = 0x0008;
const STORED = 0;
const DEFLATED = 8;
/** 1980-01-01 00:00:00, the first moment that a zip can name: a bundle's bytes do not depend on when it was made. */
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;
/** Made by version 4.5 on Unix; a plain file, readable and writable for its owner. */
const MADE_BY = (3 << 8) | 45;
const ATTRIBUTES = 0o100644 * 0x10000;

/**
 * A zip file as PKWARE's APPNOTE 6.3 describes it, whose bytes depend on the entries alone: fixed times, no comments,
 * no extra fields but ZIP64's where a size needs them. Written here, since the libraries put a data descriptor behind
 * every streamed entry, and readers that go from front to back can't take that for stored ones.
 * @throws RangeError when a stored entry has another size than was said, or a deflated one is too large
 */
export async function* writeZip(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  level: number,
): AsyncGenerator<Uint8Array, void> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const made = entry.stored === undefined ? deflated(entry, offset, level) : stored(entry, offset);
    for (;;) {
      const { value, done } = await made.next();
      if (done === true) {
        written.push(value);
        break;
      }
      offset += value.length;
      yield value;
    }
  }
  const directory = Buffer.concat(written.map(directoryRecord));
  yield directory;
  yield endOfDirectory(written.length, directory.length, offset);
}

async function* stored(entry: ZipEntry, offset: number): AsyncGenerator<Uint8Array, Written> {
  const { size, crc32: sum } = entry.stored ?? { size: 0, crc32: 0 };
  const name = Buffer.from(entry.name);
  const record = { name, method: STORED, flags: UTF8, crc32: sum, size, packedSize: size, offset };
  yield localHeader(record);
  let count = 0;
  for await (const piece of entry.content) {
    count += piece.length;
    yield piece;
  }
  if (count !== size)
    throw new RangeError(`${entry.name} has ${count} bytes where ${size} were to be written`);
  return record;
}

async function* deflated(
  entry: ZipEntry,
  offset: number,
  level: number,
): AsyncGenerator<Uint8Array, Written> {
  const name = Buffer.from(entry.name);
  const flags = UTF8 | DESCRIPTOR;
  yield localHeader({ name, method: DEFLATED, flags, crc32: 0, size: 0, packedSize: 0, offset });
  const measure = { crc32: 0, size: 0 };
  let packedSize = 0;
  for await (const piece of deflate(entry.content, level, measure)) {
    packedSize += piece.length;
    yield piece;
  }
  if (measure.size >= MAX_32 || packedSize >= MAX_32)
    throw new RangeError(`${entry.name} is larger than 4 GB, which a compressed entry can't be`);
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(measure.crc32, 4);
  descriptor.writeUInt32LE(packedSize, 8);
  descriptor.writeUInt32LE(measure.size, 12);
  yield descriptor;
  return { name, method: DEFLATED, flags, ...measure, packedSize, offset };
}

async function* deflate(
  content: ZipEntry["content"],
  level: number,
  measure: { crc32: number; size: number },
): AsyncGenerator<Uint8Array> {
  const deflater = createDeflateRaw({ level, chunkSize: 128 * 1024 });
  const feed = async (): Promise<void> => {
    try {
      for await (const piece of content) {
        measure.crc32 = crc32(piece, measure.crc32);
        measure.size += piece.length;
        if (!deflater.write(piece)) await new Promise<void>((resolve) => deflater.once("drain", resolve));
      }
      deflater.end();
    } catch (error) {
      deflater.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const fed = feed();
  yield* deflater;
  await fed;
}

function localHeader(entry: Written): Buffer {
  const large = entry.size >= MAX_32;
  const extra = large ? zip64Field([entry.size, entry.packedSize]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(large ? 45 : 20, 4);
  header.writeUInt16LE(entry.flags, 6);
  header.writeUInt16LE(entry.method, 8);
  header.writeUInt16LE(DOS_TIME, 10);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(entry.crc32, 14);
  header.writeUInt32LE(large ? MAX_32 : entry.packedSize, 18);
  header.writeUInt32LE(large ? MAX_32 : entry.size, 22);
  header.writeUInt16LE(entry.name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, entry.name, extra]);
}

function directoryRecord(entry: Written): Buffer {
  const large = entry.size >= MAX_32;
  const far = entry.offset >= MAX_32;
  const numbers = [...(large ? [entry.size, entry.packedSize] : []), ...(far ? [entry.offset] : [])];
  const extra = numbers.length === 0 ? Buffer.alloc(0) : zip64Field(numbers);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY, 4);
  record.writeUInt16LE(large || far ? 45 : 20, 6);
  record.writeUInt16LE(entry.flags, 8);
  record.writeUInt16LE(entry.method, 10);
  record.writeUInt16LE(DOS_TIME, 12);
  record.writeUInt16LE(DOS_DATE, 14);
  record.writeUInt32LE(entry.crc32, 16);
  record.writeUInt32LE(large ? MAX_32 : entry.packedSize, 20);
  record.writeUInt32LE(large ? MAX_32 : entry.size, 24);
  record.writeUInt16LE(entry.name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(ATTRIBUTES, 38);
  record.writeUInt32LE(far ? MAX_32 : entry.offset, 42);
  return Buffer.concat([record, entry.name, extra]);
}

function zip64Field(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [i, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * i);
  return field;
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, MAX_16), 8);
  end.writeUInt16LE(Math.min(count, MAX_16), 10);
  end.writeUInt32LE(Math.min(size, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (count < MAX_16 && size < MAX_32 && offset < MAX_32) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(MADE_BY, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}
