import { closeSync, readSync } from "node:fs";
import { compressionOf } from "../formats/detect.js";
import type { ByteSource } from "../formats/typescript.js";
import { type OpenFile, openForReading, readStart } from "../recording/openFile.js";
import { unpack } from "./unpack.js";

/** A compressed typescript is held in memory; one that is larger has to be unpacked first. */
const MOST_HELD = 256 * 1024 * 1024;
const READ_AHEAD = 64 * 1024;

/** A file that is read piece by piece, as somebody asks for it. */
export interface OpenSource extends ByteSource {
  close(): void;
}

/** Opens a typescript, unpacked when it is compressed. @throws what `unpack` throws */
export async function openSource(path: string): Promise<OpenSource> {
  const file = openForReading(path);
  if (compressionOf(readStart(file, 4)) === undefined) return new FileSource(file);
  closeSync(file.fd);
  const held: Buffer[] = [];
  await unpack(path, { to: (bytes) => held.push(Buffer.from(bytes)), most: MOST_HELD });
  return new HeldSource(Buffer.concat(held));
}

class HeldSource implements OpenSource {
  #left: Buffer;

  constructor(bytes: Buffer) {
    this.#left = bytes;
  }

  take(count: number): Uint8Array {
    const taken = this.#left.subarray(0, count);
    this.#left = this.#left.subarray(taken.length);
    return taken;
  }

  close(): void {}
}

class FileSource implements OpenSource {
  readonly #file: OpenFile;
  #ahead: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  take(count: number): Uint8Array {
    if (this.#ahead.length < count) this.#readAhead(Math.max(READ_AHEAD, count));
    const taken = this.#ahead.subarray(0, count);
    this.#ahead = this.#ahead.subarray(taken.length);
    return taken;
  }

  #readAhead(count: number): void {
    const more = Buffer.allocUnsafe(count);
    const read = readSync(this.#file.fd, more, 0, count, this.#at);
    this.#at += read;
    this.#ahead = Buffer.concat([this.#ahead, more.subarray(0, read)]);
  }

  close(): void {
    closeSync(this.#file.fd);
  }
}
