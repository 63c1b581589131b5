import { byteOffset, type Micros, micros, seq } from "../core/units.js";
import type { BlockHeader, FrameScan } from "./block.js";
import { KIND } from "./layout.js";
import type { Problem } from "./problems.js";

/**
 * Checks that blocks and their frames follow each other as docs/format.md says: numbers, times, the open frame
 * first, the end frame last. Each method gives a problem or undefined, and goes on from what it was given.
 */
export class Continuity {
  /** The number of the next block. */
  number = 0;
  /** The place of the next frame in the recording. */
  seq = 0;
  time: Micros = micros(0);
  /** Whether the end block has passed. */
  ended = false;
  #offset = 0;
  #block: BlockHeader | undefined;
  #inBlock = 0;

  /** A block starts `offset` bytes into the file. */
  startBlock(offset: number, header: BlockHeader): Problem | undefined {
    const expected = this.number;
    this.number = header.number + 1;
    this.#offset = offset;
    this.#block = header;
    this.#inBlock = 0;
    const early = header.time < this.time;
    this.time = micros(Math.max(this.time, header.time));
    this.ended = header.end;
    const at = { offset: byteOffset(offset), block: header.number };
    if (header.number !== expected) return { kind: "block-out-of-place", ...at, expected };
    if (early) return { kind: "block-disagrees", ...at, what: "time" };
    return undefined;
  }

  /** A frame of the block, `offset` bytes into the file. */
  frame(offset: number, code: number, at: Micros): Problem | undefined {
    const place = this.seq++;
    const block = this.#block;
    if (block === undefined) throw new Error("a frame needs a block");
    const first = this.#inBlock === 0;
    const last = block.end && this.#inBlock === block.frames - 1;
    this.#inBlock++;
    const where = { offset: byteOffset(offset), block: block.number, frame: seq(place) };
    if (first && at !== block.time)
      return { kind: "block-disagrees", offset: byteOffset(this.#offset), block: block.number, what: "time" };
    if (at < this.time) return { kind: "frame-misplaced", ...where, what: "time" };
    this.time = at;
    if ((place === 0) !== (code === KIND.open)) return { kind: "frame-misplaced", ...where, what: "open" };
    if (last !== (code === KIND.end)) return { kind: "frame-misplaced", ...where, what: "end" };
    return undefined;
  }

  /** The frames of the block have been gone through. */
  endBlock(scan: FrameScan): Problem | undefined {
    const block = this.#block;
    if (block === undefined) throw new Error("no block to end");
    const at = { offset: byteOffset(this.#offset), block: block.number };
    if (scan.damaged) {
      const frame = seq(this.seq);
      this.seq += Math.max(0, block.frames - this.#inBlock);
      return { kind: "frame-damaged", ...at, frame };
    }
    if (this.#inBlock !== block.frames) return { kind: "block-disagrees", ...at, what: "frames" };
    return undefined;
  }
}
