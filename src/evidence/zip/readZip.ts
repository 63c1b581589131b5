import { read, readSync } from "node:fs";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  type LocalFileHeader,
  RandomAccessReader,
  type ZipFile,
} from "yauzl";
import { messageOf } from "../../core/errors.js";
import type { EntryFault } from "./entryFault.js";

/** A file in a zip, and where its bytes lie. */
export interface ArchiveFile {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  readonly packed: boolean;
  readonly from: number;
  readonly packedSize: number;
}

export interface ArchiveDirectory {
  readonly files: readonly ArchiveFile[];
  /** What was refused, and why. A file with a fault that makes it ambiguous is not among `files`. */
  readonly faults: readonly EntryFault[];
}

const MOST_FILES = 100_000;
/** A zip says how much it holds unpacked: this much whatever its size, or 200 times its size, is no bomb. */
const UNPACKED_ALLOWANCE = 2 * 1024 ** 3;
const UNPACKED_FACTOR = 200;

const ENCRYPTED = 0x0041;
const DESCRIPTOR = 0x0008;
const UTF8 = 0x0800;
const FILE_TYPE = 0o170000;
const MAX_32 = 0xffffffff;

interface Placed {
  readonly file: ArchiveFile;
  readonly start: number;
  readonly hasDescriptor: boolean;
}

/**
 * Reads the directory of a zip, and holds it against what stands in front of each file: two readers that take it from
 * the one and from the other must see the same files. Nothing is unpacked.
 */
export async function readZip(fd: number, size: number): Promise<ArchiveDirectory> {
  const faults: EntryFault[] = [];
  const files: Placed[] = [];
  try {
    const zip = await fromRandomAccessReaderPromise(new FileReader(fd, size), size, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
    if (zip.entryCount > MOST_FILES) return { files: [], faults: [{ reason: "too-many", file: undefined }] };
    const directory = zip.readEntryCursor;
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      const fault = name === undefined ? "name" : (faultOf(entry) ?? undefined);
      if (fault !== undefined)
        faults.push({ reason: fault, file: name ?? entry.fileNameRaw.toString("latin1") });
      else if (name !== undefined) await place(zip, entry, name, files, faults);
    }
    if (!endsWell(fd, size, zip.readEntryCursor, zip.comment.length))
      faults.push({ reason: "hidden-bytes", file: undefined });
    checkLayout(fd, files, faults, directory);
  } catch (error) {
    return {
      files: [],
      faults: [...faults, { reason: "unreadable", file: undefined, why: messageOf(error) }],
    };
  }
  return { files: withoutTwins(files, faults, size), faults };
}

/**
 * Reads the file for yauzl. Its own reader hands places on to the system as the zip gives them, and dies of those beyond
 * 2^53; and it closes the descriptor, which is not ours.
 */
class FileReader extends RandomAccessReader {
  readonly #fd: number;
  readonly #size: number;

  constructor(fd: number, size: number) {
    super();
    this.#fd = fd;
    this.#size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (position + length > this.#size) callback(new Error("it points outside of itself"));
    else read(this.#fd, buffer, offset, length, position, callback);
  }

  override close(callback: (error?: Error) => void): void {
    callback();
  }
}

/** The name in UTF-8, as it is; undefined when it can't be told for sure. */
function nameOf(entry: Entry): string | undefined {
  const raw = entry.fileNameRaw;
  const name = raw.toString("utf8");
  const plain = /^[\x20-\x7e]*$/.test(name);
  if (!plain && (entry.generalPurposeBitFlag & UTF8) === 0) return undefined;
  // Info-ZIP's field with a second name: another reader would go by that one.
  if (entry.extraFields.some(({ id }) => id === 0x7075)) return undefined;
  return name === "" || !Buffer.from(name).equals(raw) ? undefined : name;
}

function faultOf(entry: Entry): EntryFault["reason"] | undefined {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type === 0o120000) return "link";
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) return "special";
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return "encrypted";
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return "method";
  if (entry.compressionMethod === 0 && entry.compressedSize !== entry.uncompressedSize) return "size";
  return undefined;
}

async function place(
  zip: ZipFile,
  entry: Entry,
  name: string,
  files: Placed[],
  faults: EntryFault[],
): Promise<void> {
  let header: LocalFileHeader;
  try {
    header = await zip.readLocalFileHeaderPromise(entry, {});
  } catch {
    faults.push({ reason: "size", file: name });
    return;
  }
  if (!agrees(entry, header)) {
    faults.push({ reason: "two-headers", file: name });
    return;
  }
  files.push({
    file: {
      name,
      size: entry.uncompressedSize,
      crc32: entry.crc32,
      packed: entry.compressionMethod === 8,
      from: header.fileDataStart,
      packedSize: entry.compressedSize,
    },
    start: entry.relativeOffsetOfLocalHeader,
    hasDescriptor: (entry.generalPurposeBitFlag & DESCRIPTOR) !== 0,
  });
}

/** Whether the header in front of a file says the same as the directory. */
function agrees(entry: Entry, header: LocalFileHeader): boolean {
  const flags = ENCRYPTED | DESCRIPTOR | UTF8;
  if (
    !header.fileName.equals(entry.fileNameRaw) ||
    header.compressionMethod !== entry.compressionMethod ||
    ((header.generalPurposeBitFlag ^ entry.generalPurposeBitFlag) & flags) !== 0
  )
    return false;
  // With a descriptor the numbers come behind the data, and may be 0 here.
  if ((entry.generalPurposeBitFlag & DESCRIPTOR) !== 0) return true;
  const [size, packedSize] = localSizes(header);
  return (
    header.crc32 === entry.crc32 && size === entry.uncompressedSize && packedSize === entry.compressedSize
  );
}

/** The sizes in a local header: ZIP64's are in its extra field, both of them. */
function localSizes(header: LocalFileHeader): readonly [number, number] {
  if (header.uncompressedSize !== MAX_32 && header.compressedSize !== MAX_32)
    return [header.uncompressedSize, header.compressedSize];
  const extra = header.extraField;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1 && extra.readUInt16LE(at + 2) >= 16 && at + 20 <= extra.length)
      return [Number(extra.readBigUInt64LE(at + 4)), Number(extra.readBigUInt64LE(at + 12))];
  return [-1, -1];
}

/** Whether behind the directory nothing follows but its end, with a comment at most. */
function endsWell(fd: number, size: number, end: number, comment: number): boolean {
  const signature = Buffer.alloc(4);
  readSync(fd, signature, 0, 4, end);
  const kind = signature.readUInt32LE(0);
  if (kind === 0x06054b50) return end + 22 + comment === size;
  return kind === 0x06064b50 && end + 56 + 20 + 22 + comment === size;
}

/** The files must follow each other from the very beginning, without overlaps and without room between them. */
function checkLayout(fd: number, files: readonly Placed[], faults: EntryFault[], end: number): void {
  if (faults.length > 0) return;
  let at = 0;
  const sorted = [...files].sort((a, b) => a.start - b.start);
  for (const [i, { file, start, hasDescriptor }] of sorted.entries()) {
    if (start < at) faults.push({ reason: "overlap", file: file.name });
    else if (start > at) faults.push({ reason: "hidden-bytes", file: file.name });
    const next = sorted[i + 1]?.start ?? end;
    at = file.from + file.packedSize;
    if (hasDescriptor) at += descriptorSize(fd, file, next - at) ?? 0;
    if (i === sorted.length - 1 && at !== end) faults.push({ reason: "hidden-bytes", file: file.name });
  }
}

/** How long the descriptor behind a file is, with or without a signature, of 32 or 64 bits; undefined: it is none. */
function descriptorSize(fd: number, file: ArchiveFile, room: number): number | undefined {
  const bytes = Buffer.alloc(24);
  readSync(fd, bytes, 0, 24, file.from + file.packedSize);
  const signed = bytes.readUInt32LE(0) === 0x08074b50 ? 4 : 0;
  const [short, long] = [signed + 12, signed + 20];
  if (bytes.readUInt32LE(signed) !== file.crc32) return undefined;
  if (room === short)
    return bytes.readUInt32LE(signed + 4) === file.packedSize && bytes.readUInt32LE(signed + 8) === file.size
      ? short
      : undefined;
  return room === long &&
    Number(bytes.readBigUInt64LE(signed + 4)) === file.packedSize &&
    (signed === 0 || Number(bytes.readBigUInt64LE(signed + 4)) >= 0)
    ? long
    : undefined;
}

/** Leaves out directories and everything that is there twice; refuses all of it when it unpacks to too much. */
function withoutTwins(files: readonly Placed[], faults: EntryFault[], size: number): readonly ArchiveFile[] {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > UNPACKED_ALLOWANCE + UNPACKED_FACTOR * size) {
    faults.push({ reason: "bomb", file: undefined, why: String(total) });
    return [];
  }
  const counts = new Map<string, number>();
  for (const { file } of files) {
    const name = file.name.normalize("NFC").toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kept: ArchiveFile[] = [];
  const told = new Set<string>();
  for (const { file } of files) {
    if (file.name.endsWith("/") && file.size === 0) continue;
    const name = file.name.normalize("NFC").toLowerCase();
    if (counts.get(name) === 1) kept.push(file);
    else if (!told.has(name)) {
      told.add(name);
      faults.push({ reason: "duplicate", file: file.name });
    }
  }
  return kept;
}
