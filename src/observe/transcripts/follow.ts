import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { JsonLines } from "./jsonLines.js";
import { parsed } from "./shapes.js";
import { ZstdStream } from "./zst.js";

const CHUNK = 256 * 1024;
/** A whole document, or what a compressed one unpacks to, is read up to here. */
const LARGEST_DOCUMENT = 64 * 1024 * 1024;
const LARGEST_UNPACKED = 1024 * 1024 * 1024;
/** So many bytes before the place that was read to are looked at again, to see that the file is still the same. */
const TAIL = 64;

/**
 * Reads the records of a file from its beginning, and what is added each time it is asked. A file that was cut, replaced
 * or written anew is read from its beginning again, so that whoever takes the records must know those it had.
 */
export interface Follower {
  /** Whether something was read. Never throws: a file that is not there or can't be read has nothing new. */
  poll(): Promise<boolean>;
  /** The last poll: also takes a last line that has no line break. */
  finish(): Promise<void>;
  /** How much was left out because it is too large. */
  readonly skipped: number;
}

/** The right follower for the file's name: `.jsonl`, `.jsonl.zst`, or one whole document in `.json`. */
export function follow(path: string, take: (record: unknown) => void): Follower {
  if (path.endsWith(".zst")) return new WholeFile(path, (file) => unpack(file, take));
  if (path.endsWith(".json")) return new WholeFile(path, (file, size) => document(file, size, take));
  return new GrowingFile(path, take);
}

class GrowingFile implements Follower {
  readonly #path: string;
  readonly #lines: JsonLines;
  #seen: Stats | undefined;
  #offset = 0;
  #tail = Buffer.alloc(0);

  constructor(path: string, take: (record: unknown) => void) {
    this.#path = path;
    this.#lines = new JsonLines(take);
  }

  get skipped(): number {
    return this.#lines.skipped;
  }

  async poll(): Promise<boolean> {
    return whenChanged(this.#path, this.#seen, async (file, now) => {
      if (!(await this.#isSame(file, now))) {
        this.#offset = 0;
        this.#tail = Buffer.alloc(0);
        this.#lines.forget();
      }
      const before = this.#offset;
      await this.#read(file, now.size);
      this.#seen = now;
      return this.#offset !== before;
    });
  }

  async finish(): Promise<void> {
    await this.poll();
    this.#lines.end();
  }

  async #isSame(file: FileHandle, now: Stats): Promise<boolean> {
    if (this.#seen === undefined) return true;
    if (this.#seen.ino !== now.ino || this.#seen.dev !== now.dev || now.size < this.#offset) return false;
    const again = Buffer.alloc(this.#tail.length);
    const { bytesRead } = await file.read(again, 0, again.length, this.#offset - again.length);
    return bytesRead === again.length && again.equals(this.#tail);
  }

  /** Reads up to `end` and no further, so that a file that grows without end is left in between. */
  async #read(file: FileHandle, end: number): Promise<void> {
    const chunk = Buffer.alloc(CHUNK);
    while (this.#offset < end) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, end - this.#offset), this.#offset);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      this.#lines.push(bytes);
      this.#offset += bytesRead;
      this.#tail = Buffer.concat([this.#tail, bytes.subarray(-TAIL)]).subarray(-TAIL);
    }
  }
}

/** A file that is read as a whole each time it changes. */
class WholeFile implements Follower {
  readonly #path: string;
  readonly #read: (file: FileHandle, size: number) => Promise<number>;
  #seen: Stats | undefined;
  #skipped = 0;

  constructor(path: string, read: (file: FileHandle, size: number) => Promise<number>) {
    this.#path = path;
    this.#read = read;
  }

  get skipped(): number {
    return this.#skipped;
  }

  async poll(): Promise<boolean> {
    return whenChanged(this.#path, this.#seen, async (file, now) => {
      this.#seen = now;
      this.#skipped = await this.#read(file, now.size);
      return true;
    });
  }

  async finish(): Promise<void> {
    await this.poll();
  }
}

/** Opens the file for `read` when it is another one, or has changed, since `seen`. */
async function whenChanged(
  path: string,
  seen: Stats | undefined,
  read: (file: FileHandle, now: Stats) => Promise<boolean>,
): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    const now = await stat(path);
    if (!now.isFile()) return false;
    if (now.ino === seen?.ino && now.size === seen.size && now.mtimeMs === seen.mtimeMs) return false;
    // Never waits for a writer, should a pipe have taken the file's place.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const opened = await file.stat();
    return opened.isFile() && (await read(file, opened));
  } catch {
    return false;
  } finally {
    await file?.close().catch(() => undefined);
  }
}

async function document(file: FileHandle, size: number, take: (record: unknown) => void): Promise<number> {
  if (size > LARGEST_DOCUMENT) return 1;
  const record = parsed(await file.readFile("utf8"));
  // Half a document: it is being written, and will change again.
  if (record !== undefined) take(record);
  return 0;
}

async function unpack(file: FileHandle, take: (record: unknown) => void): Promise<number> {
  const lines = new JsonLines(take);
  let unpacked = 0;
  const stream = new ZstdStream((bytes) => {
    unpacked += bytes.length;
    if (unpacked > LARGEST_UNPACKED) throw new Error("the file unpacks to too much");
    lines.push(bytes);
  });
  try {
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
      // The decompressor may keep a part of what it is given.
      stream.push(Uint8Array.from(chunk.subarray(0, bytesRead)), bytesRead === 0);
      if (bytesRead === 0) break;
    }
    lines.end();
    return lines.skipped;
  } catch {
    return lines.skipped + 1;
  }
}
