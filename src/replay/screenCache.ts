import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Bookmark } from "../recording/bookmarks.js";
import type { Recording } from "../recording/reader.js";
import { unpackScreen } from "./keptScreen.js";
import type { Keyframe, PackedFrame } from "./keyframes.js";

/** What a replay would have to read the whole recording for: where its events are, and screens on the way. */
export interface Prepared {
  readonly events: number;
  /** The index of events, as `encodeIndex` gives it. */
  readonly index: Uint8Array;
  readonly bookmarks: readonly Bookmark[];
  readonly frames: readonly PackedFrame[];
}

/** The same as found in a cache: screens are read when they are needed. It may hold anything. */
export interface ScreenCache {
  readonly events: number;
  readonly index: Uint8Array;
  readonly bookmarks: readonly Bookmark[];
  readonly frames: readonly (Keyframe & { read(): Uint8Array | undefined })[];
  close(): void;
}

/** To be counted up whenever the bytes of a screen, or what is in them, mean something else than before. */
const VERSION = 1;
const MAGIC = "bodycam screens\n";
const MAX_TABLE = 64 * 1024 * 1024;

/**
 * What a cache belongs to: the recording's last 64 bytes, which in a complete recording are the seal over the head of
 * its chain, and its size.
 */
const identityOf = (recording: Recording): string =>
  `${VERSION} ${recording.header.session} ${recording.file.size} ${recording.ending().toString("hex")}`;

/** Writes a cache, the directory too when it is not there. @throws the system's error */
export function writeScreenCache(path: string, recording: Recording, prepared: Prepared): void {
  let at = 0;
  const frames = prepared.frames.map(({ event, bytes }) => {
    const entry = [event, at, bytes.length, crc32(bytes)];
    at += bytes.length;
    return entry;
  });
  const { events, bookmarks } = prepared;
  const index = Buffer.from(prepared.index).toString("base64");
  const table = deflateRawSync(
    JSON.stringify({ identity: identityOf(recording), events, bookmarks, frames, index }),
  );
  const start = Buffer.alloc(MAGIC.length + 8);
  start.write(MAGIC, "latin1");
  start.writeUInt32LE(table.length, MAGIC.length);
  start.writeUInt32LE(crc32(table), MAGIC.length + 4);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, Buffer.concat([start, table, ...prepared.frames.map(({ bytes }) => bytes)]), {
      mode: 0o600,
    });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Opens the cache of a recording; undefined when there is none, or none that belongs to it and is whole. */
export function openScreenCache(path: string, recording: Recording): ScreenCache | undefined {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    return readCache(fd, identityOf(recording));
  } catch {
    closeSync(fd);
    return undefined;
  }
}

/** Removes a cache that turned out to be wrong. */
export const dropScreenCache = (path: string): void => rmSync(path, { force: true });

function readCache(fd: number, identity: string): ScreenCache {
  const start = readAt(fd, 0, MAGIC.length + 8);
  if (start.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("no cache of screens");
  const stored = readAt(fd, start.length, Math.min(MAX_TABLE, start.readUInt32LE(MAGIC.length)));
  if (crc32(stored) !== start.readUInt32LE(MAGIC.length + 4)) throw new Error("damaged");
  const table = JSON.parse(inflateRawSync(stored, { maxOutputLength: MAX_TABLE }).toString());
  if (table.identity !== identity) throw new Error("of another recording");
  const from = start.length + stored.length;
  const frames = (table.frames as unknown[]).map((entry) => {
    const [event = 0, at = 0, length = 0, crc = 0] = numbers(entry, 4);
    const read = (): Uint8Array | undefined => {
      const bytes = readAt(fd, from + at, Math.min(MAX_TABLE, length));
      return bytes.length === length && crc32(bytes) === crc ? bytes : undefined;
    };
    const open = () => {
      const bytes = read();
      return bytes === undefined ? undefined : unpackScreen(bytes);
    };
    return { event, read, open };
  });
  for (let i = 1; i < frames.length; i++)
    if ((frames[i]?.event ?? 0) <= (frames[i - 1]?.event ?? 0)) throw new Error("out of order");
  const bookmarks = (table.bookmarks as Record<string, unknown>[]).map((mark) => {
    const [seq = 0, offset = 0, block = 0, segment = 0, time = 0] = numbers(
      [mark.seq, mark.offset, mark.block, mark.segment, mark.time],
      5,
    );
    return { seq, offset, block, segment, time };
  });
  const [events = 0] = numbers([table.events], 1);
  const index = Buffer.from(String(table.index), "base64");
  return { events, index, bookmarks, frames, close: () => closeSync(fd) };
}

function numbers(value: unknown, count: number): readonly number[] {
  if (
    !Array.isArray(value) ||
    value.length !== count ||
    !value.every((n) => Number.isSafeInteger(n) && n >= 0)
  )
    throw new TypeError("no such numbers");
  return value as number[];
}

function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}
