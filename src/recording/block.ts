import { crc32 } from "node:zlib";
import { type Micros, micros } from "../core/units.js";
import {
  BLOCK,
  BLOCK_MAGIC,
  CHAIN_SIZE,
  FLAG_END,
  FLAG_SEALED,
  FRAME,
  getU64,
  isZero,
  MAX_BODY,
  MAX_PAYLOAD,
  putU64,
  SEAL_SIZE,
} from "./layout.js";

/** What the first 32 bytes of a block say. */
export interface BlockHeader {
  readonly number: number;
  /** Length of the body. */
  readonly length: number;
  readonly frames: number;
  /** Time of the first frame; of the seal when the block has none. */
  readonly time: Micros;
  readonly flags: number;
  readonly sealed: boolean;
  readonly end: boolean;
  /** Length of the whole block, its chain value and seal included. */
  readonly size: number;
}

/** Writes a block's header at `at`. */
export function encodeBlockHeader(
  into: Buffer,
  at: number,
  header: Omit<BlockHeader, "sealed" | "end" | "size">,
): void {
  into.writeUInt32LE(BLOCK_MAGIC, at);
  into.writeUInt32LE(header.number, at + BLOCK.number);
  into.writeUInt32LE(header.length, at + BLOCK.length);
  into.writeUInt32LE(header.frames, at + BLOCK.frames);
  putU64(into, header.time, at + BLOCK.time);
  into.writeUInt32LE(header.flags, at + BLOCK.flags);
  into.writeUInt32LE(crc32(into.subarray(at, at + BLOCK.crc)), at + BLOCK.crc);
}

/** Reads a block's header at `at`, where at least 32 bytes must be. Undefined when it is not as described. */
export function decodeBlockHeader(bytes: Buffer, at: number): BlockHeader | undefined {
  if (bytes.readUInt32LE(at) !== BLOCK_MAGIC) return undefined;
  if (bytes.readUInt32LE(at + BLOCK.crc) !== crc32(bytes.subarray(at, at + BLOCK.crc))) return undefined;
  const length = bytes.readUInt32LE(at + BLOCK.length);
  const frames = bytes.readUInt32LE(at + BLOCK.frames);
  const flags = bytes[at + BLOCK.flags] ?? 0xff;
  const time = getU64(bytes, at + BLOCK.time);
  if (time === undefined || !isSound(flags, frames, length)) return undefined;
  if (!isZero(bytes, at + BLOCK.reserved, at + BLOCK.crc)) return undefined;
  const sealed = (flags & FLAG_SEALED) !== 0;
  return {
    number: bytes.readUInt32LE(at + BLOCK.number),
    length,
    frames,
    time: micros(time),
    flags,
    sealed,
    end: (flags & FLAG_END) !== 0,
    size: BLOCK.header + length + CHAIN_SIZE + (sealed ? SEAL_SIZE : 0),
  };
}

/** Whether a block may have these: an end is sealed, and a block without frames carries a seal and nothing else. */
export function isSound(flags: number, frames: number, length: number): boolean {
  if (flags > (FLAG_SEALED | FLAG_END) || flags === FLAG_END) return false;
  if (length > MAX_BODY || length < frames * FRAME.overhead) return false;
  return frames > 0 || (length === 0 && flags === FLAG_SEALED);
}

/**
 * Goes through the frames of a body, one `next` after the other, without making garbage.
 * `next` returns false behind the last frame, and at the first one that is not as described: then `damaged` is set.
 */
export class FrameScan {
  readonly #body: Buffer;
  /** Where the frame starts in the body. */
  offset = 0;
  code = 0;
  at: Micros = micros(0);
  /** The payload's place in the body. */
  start = 0;
  end = 0;
  damaged = false;
  #next = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  next(): boolean {
    const body = this.#body;
    const offset = this.#next;
    if (offset === body.length || this.damaged) return false;
    this.offset = offset;
    this.damaged = true;
    if (body.length - offset < FRAME.overhead) return false;
    const length = body.readUInt32LE(offset);
    const end = offset + FRAME.header + length;
    if (length > MAX_PAYLOAD || end + FRAME.crc > body.length) return false;
    if (body.readUInt32LE(end) !== crc32(body.subarray(offset, end))) return false;
    const kind = body.readUInt32LE(offset + FRAME.kind);
    const at = getU64(body, offset + FRAME.time);
    if (kind === 0 || kind > 0xff || at === undefined) return false;
    this.damaged = false;
    this.code = kind;
    this.at = micros(at);
    this.start = offset + FRAME.header;
    this.end = end;
    this.#next = end + FRAME.crc;
    return true;
  }

  /** The frame's payload: a view of the body. */
  get payload(): Uint8Array {
    return new Uint8Array(this.#body.buffer, this.#body.byteOffset + this.start, this.end - this.start);
  }
}
