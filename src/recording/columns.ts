import { type Micros, micros } from "../core/units.js";
import type { BlockHeader, FrameScan } from "./block.js";
import { GrowingBytes, NumberColumn } from "./growing.js";
import { KIND } from "./layout.js";

/** Stands behind each output payload of a segment in which no output byte is this one, as in all UTF-8 text. */
export const SEPARATOR = 0xff;
/** How a segment tells where one output payload ends: by its length, or by `SEPARATOR`. */
export const BY_LENGTH = 0;
export const BY_SEPARATOR = 1;
/** In the column of kinds: no frame but a block without any. */
export const EMPTY_BLOCK = 0;
/** A frame that is so much later (microseconds) than the first one of its block is expected to start the next: the recorder writes a block after that time. */
export const EXPECTED_SPAN = 5_000;

/**
 * Takes the blocks of a segment apart into columns, where like stands by like and compresses well: the output in one
 * piece, and a table of all the rest. An *item* is a frame or a block without frames.
 */
export class ColumnBuilder {
  /** The chain's value before the segment. */
  readonly chainBefore: Uint8Array;
  readonly firstBlock: number;
  readonly time: Micros;
  readonly #output: GrowingBytes;
  readonly #outputLengths: number[] = [];
  readonly #flags = new GrowingBytes();
  readonly #kinds = new GrowingBytes();
  readonly #times: number[] = [];
  readonly #surprises = new GrowingBytes();
  readonly #lengths = new NumberColumn();
  readonly #allLengths = new NumberColumn();
  readonly #others = new GrowingBytes();
  readonly #starts = new BlockStarts();
  #separated = true;
  #unit = 0;
  #last: Micros;
  #frames = 0;
  #startsBlock = false;
  #surprised = 0;
  #lastSurprise = 0;

  /** `first` is the block that the segment begins with; `output`, which is empty, takes the output. */
  constructor(first: BlockHeader, chainBefore: Uint8Array, output: GrowingBytes) {
    this.#output = output;
    this.chainBefore = chainBefore;
    this.firstBlock = first.number;
    this.time = first.time;
    this.#last = first.time;
  }

  get blocks(): number {
    return this.#flags.length;
  }

  get frames(): number {
    return this.#frames;
  }

  /** About how long the longer of table and output is. */
  get largest(): number {
    const table = this.#others.length + this.#allLengths.length + this.#kinds.length + 2 * this.#times.length;
    return Math.max(table, this.#output.length);
  }

  /** The frames that follow are this block's. */
  block(header: BlockHeader): void {
    this.#flags.byte(header.flags);
    this.#startsBlock = true;
    if (header.frames === 0) this.#item(EMPTY_BLOCK, header.time);
  }

  frame(scan: FrameScan): void {
    this.#frames++;
    this.#item(scan.code, scan.at);
    const { payload } = scan;
    this.#allLengths.add(payload.length);
    if (scan.code === KIND.output) this.#addOutput(payload);
    else {
      this.#lengths.add(payload.length);
      this.#others.add(payload);
    }
  }

  #addOutput(payload: Uint8Array): void {
    this.#separated &&= !payload.includes(SEPARATOR);
    this.#output.add(payload);
    this.#output.byte(SEPARATOR);
    this.#outputLengths.push(payload.length);
  }

  #item(kind: number, time: Micros): void {
    const expected = this.#starts.next(kind, time, this.#startsBlock);
    if (expected !== this.#startsBlock) {
      this.#surprises.leb(this.#kinds.length - this.#lastSurprise);
      this.#lastSurprise = this.#kinds.length;
      this.#surprised++;
    }
    this.#startsBlock = false;
    this.#kinds.byte(kind);
    const since = time - this.#last;
    this.#last = time;
    this.#times.push(since);
    this.#unit = commonDivisor(this.#unit, since);
  }

  /** The table, as docs/format.md describes it. */
  table(): Buffer {
    const unit = Math.max(1, this.#unit);
    const start = new GrowingBytes(32);
    start.byte(this.#separated ? BY_SEPARATOR : BY_LENGTH);
    start.leb(this.#kinds.length);
    start.leb(unit);
    start.leb(this.#surprised);
    const times = new NumberColumn();
    for (const since of this.#times) times.add(since / unit);
    const lengths = this.#separated ? this.#lengths : this.#allLengths;
    const columns = [start, this.#surprises, this.#flags, times, this.#kinds, lengths, this.#others];
    return Buffer.concat(columns.map((column) => column.view()));
  }

  /** The column of output. */
  output(): Buffer {
    const all = this.#output.view();
    if (this.#separated) return all;
    let from = 0;
    let to = 0;
    for (const length of this.#outputLengths) {
      all.copyWithin(to, from, from + length);
      from += length + 1;
      to += length;
    }
    return all.subarray(0, to);
  }
}

/**
 * Knows where a block is expected to start: the writer closes one some time after its first frame. A segment only
 * tells where that is wrong. Used by both sides, so that they expect the same.
 */
export class BlockStarts {
  #first: number | undefined;

  /** Whether an item is expected to start a block; `starts` says whether it does, for the next question. */
  next(kind: number, time: Micros, starts: boolean): boolean {
    const expected = this.expects(kind, time);
    this.settle(kind, time, starts);
    return expected;
  }

  expects(kind: number, time: Micros): boolean {
    return kind === EMPTY_BLOCK || this.#first === undefined || time - this.#first >= EXPECTED_SPAN;
  }

  settle(kind: number, time: Micros, starts: boolean): void {
    if (kind === EMPTY_BLOCK) this.#first = undefined;
    else if (starts) this.#first = time;
  }
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** A time of a column as a time, or undefined when it is beyond what a recording can hold. */
export const timeAfter = (before: number, since: number, unit: number): Micros | undefined => {
  const time = before + since * unit;
  return time <= Number.MAX_SAFE_INTEGER ? micros(time) : undefined;
};
