import { crc32 } from "node:zlib";
import type { Micros } from "../core/units.js";
import { encodeBlockHeader } from "./block.js";
import { chainOfJoined } from "./chain.js";
import {
  BLOCK,
  CHAIN_SIZE,
  FLAG_END,
  FLAG_SEALED,
  FRAME,
  KIND,
  MAX_PAYLOAD,
  putU64,
  SEAL_SIZE,
} from "./layout.js";

/** A block is closed when its body has grown to this. */
export const BODY_TARGET = 128 * 1024;
/** What a body may grow to, so that a read of a whole terminal buffer still fits behind an almost full one. */
const BODY_ROOM = BODY_TARGET + 64 * 1024 + FRAME.overhead;
/** Output that joins a frame makes it no longer than about this. */
const JOINED_MOST = 64 * 1024;

/** The block's place in the buffer: the chain value before it comes first, so that both are hashed in one go. */
const AT = CHAIN_SIZE;
const BODY_AT = AT + BLOCK.header;
const TAIL = CHAIN_SIZE + SEAL_SIZE;
const STANDARD = BODY_AT + BODY_ROOM + FRAME.crc + TAIL;
/** Enough for a frame of any length alone. */
const LARGE = BODY_AT + MAX_PAYLOAD + FRAME.overhead + FRAME.crc + TAIL;

/** A block as it goes to the disk, with what must be known should it never get there. */
export interface FinishedBlock {
  readonly number: number;
  /** The whole block, valid until `release`. */
  readonly bytes: Buffer;
  readonly frames: number;
  readonly from: Micros;
  readonly to: Micros;
  /** Bytes of output and input that are lost with this block, those of its gap frames included. */
  readonly outputBytes: number;
  readonly inputBytes: number;
  /** Whether the block holds the last frame of the session. */
  readonly end: boolean;
  /** The chain's value before this block and after it. */
  readonly previous: Buffer;
  readonly chain: Buffer;
  /** Gives the memory back for the next block. */
  release(): void;
}

/** What a block is closed with. */
export interface Closing {
  readonly number: number;
  readonly previous: Buffer;
  readonly end: boolean;
  /** Signs the flags and chain of the block; undefined leaves it unsealed. */
  readonly seal: ((flags: number, chain: Uint8Array) => Uint8Array) | undefined;
}

/** A block that is being filled: frames are written straight into the bytes that go to the disk. */
export class BlockDraft {
  readonly from: Micros;
  readonly #bytes: Buffer;
  readonly #release: (bytes: Buffer) => void;
  #end = BODY_AT;
  #frames = 0;
  /** Where the last frame starts while it may still grow, otherwise -1. */
  #open = -1;
  #code = 0;
  #to: Micros;
  #outputBytes = 0;
  #inputBytes = 0;

  constructor(bytes: Buffer, from: Micros, release: (bytes: Buffer) => void) {
    this.#bytes = bytes;
    this.from = from;
    this.#to = from;
    this.#release = release;
  }

  get frames(): number {
    return this.#frames;
  }

  get bodyLength(): number {
    return this.#end - BODY_AT;
  }

  /** Whether a frame with a payload of `length` bytes still has room. */
  fits(length: number): boolean {
    return this.#end + FRAME.crc + FRAME.overhead + length + TAIL <= this.#bytes.length;
  }

  /** Adds a frame. The payload is copied. It must fit, and `at` must not be before the frame in front. */
  add(code: number, at: Micros, payload: Uint8Array): void {
    this.#completeFrame();
    const start = this.#end;
    this.#bytes.writeUInt32LE(code, start + FRAME.kind);
    putU64(this.#bytes, at, start + FRAME.time);
    this.#open = start;
    this.#end = start + FRAME.header;
    this.#frames++;
    this.#code = code;
    this.#to = at;
    this.#put(payload);
  }

  /**
   * Whether output of the time `at` may join the last frame: it is output of the same time. A program's one write
   * comes out of the kernel's terminal in pieces of a few kilobytes; a frame for each would say no more.
   */
  joins(at: Micros): boolean {
    const long = this.#end - this.#open >= JOINED_MOST;
    return this.#open >= 0 && this.#code === KIND.output && at === this.#to && !long;
  }

  /** Makes the last frame longer. The payload is copied and must fit. */
  join(payload: Uint8Array): void {
    this.#put(payload);
  }

  #put(payload: Uint8Array): void {
    this.#bytes.set(payload, this.#end);
    this.#end += payload.length;
    if (this.#code === KIND.output) this.#outputBytes += payload.length;
    else if (this.#code === KIND.input) this.#inputBytes += payload.length;
  }

  /** The last frame gets no more bytes: its length and checksum are known now. */
  #completeFrame(): void {
    const start = this.#open;
    if (start < 0) return;
    this.#open = -1;
    const crcAt = this.#end;
    this.#bytes.writeUInt32LE(crcAt - start - FRAME.header, start);
    this.#bytes.writeUInt32LE(crc32(this.#bytes.subarray(start, crcAt)), crcAt);
    this.#end = crcAt + FRAME.crc;
  }

  /** Counts what a gap frame in this block stands for, so that it is not forgotten when the block itself is lost. */
  carry(outputBytes: number, inputBytes: number): void {
    this.#outputBytes += outputBytes;
    this.#inputBytes += inputBytes;
  }

  /** Completes the block. The draft must not be used afterwards. */
  close(closing: Closing): FinishedBlock {
    this.#completeFrame();
    const bytes = this.#bytes;
    const flags = (closing.seal === undefined ? 0 : FLAG_SEALED) | (closing.end ? FLAG_END : 0);
    bytes.set(closing.previous, 0);
    const { number } = closing;
    encodeBlockHeader(bytes, AT, {
      number,
      length: this.bodyLength,
      frames: this.#frames,
      time: this.from,
      flags,
    });
    const chain = chainOfJoined(bytes.subarray(0, this.#end));
    bytes.set(chain, this.#end);
    let end = this.#end + CHAIN_SIZE;
    if (closing.seal !== undefined) {
      bytes.set(closing.seal(flags, chain), end);
      end += SEAL_SIZE;
    }
    return {
      number,
      bytes: bytes.subarray(AT, end),
      frames: this.#frames,
      from: this.from,
      to: this.#to,
      outputBytes: this.#outputBytes,
      inputBytes: this.#inputBytes,
      end: closing.end,
      previous: closing.previous,
      chain,
      release: () => this.#release(bytes),
    };
  }
}

/** Lends the buffers of blocks and takes them back, so that a long session makes no garbage of them. */
export class DraftPool {
  readonly #free: Buffer[] = [];
  readonly #take = (bytes: Buffer): void => {
    if (bytes.length === STANDARD && this.#free.length < 32) this.#free.push(bytes);
  };

  /** An empty block that has room for a payload of `length` bytes. */
  draft(from: Micros, length: number): BlockDraft {
    const bytes =
      length + FRAME.overhead > BODY_ROOM
        ? Buffer.allocUnsafeSlow(LARGE)
        : (this.#free.pop() ?? Buffer.allocUnsafeSlow(STANDARD));
    return new BlockDraft(bytes, from, this.#take);
  }
}
