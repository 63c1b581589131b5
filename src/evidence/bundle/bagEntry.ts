import { createHash } from "node:crypto";
import { closeSync, read as fsRead } from "node:fs";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { openForReading } from "../../recording/openFile.js";
import type { Listed } from "../bagit/manifest.js";
import type { ZipEntry } from "../zip/writeZip.js";
import type { Content } from "./sessionEvidence.js";

/** A file of a bag: its path in it, and what is in it. */
export interface BagEntry {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly stored?: NonNullable<ZipEntry["stored"]>;
}

/** What was written so far: checksums and sizes. */
export class Written {
  readonly listed: Listed[] = [];
  bytes = 0;

  /** The entry, noted down while it is read. */
  note(entry: BagEntry): BagEntry {
    return { ...entry, content: this.#noted(entry) };
  }

  async *#noted({ path, content }: BagEntry): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    for await (const piece of content) {
      hash.update(piece);
      this.bytes += piece.length;
      yield piece;
    }
    this.listed.push({ path, digest: hash.digest("hex") });
  }
}

const PIECE = 512 * 1024;
const readAt = promisify(fsRead);

/** A file as it is now, stored. It is read twice: its checksum has to stand in front of it. */
export async function fileEntry(path: string, file: string): Promise<BagEntry> {
  const { fd, size } = openForReading(file);
  let sum = 0;
  try {
    for await (const piece of bytesOf(fd, size)) sum = crc32(piece, sum);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const content = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* bytesOf(fd, size);
    } finally {
      closeSync(fd);
    }
  };
  return { path, content: content(), stored: { size, crc32: sum } };
}

async function* bytesOf(fd: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const bytes = Buffer.allocUnsafe(Math.min(PIECE, size - at));
    const { bytesRead } = await readAt(fd, bytes, 0, bytes.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

/** Pieces as bytes, joined so that none is small. */
export async function* joined(content: Content): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    waiting.push(bytes);
    size += bytes.length;
    if (size < PIECE) continue;
    yield Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting, size);
}
