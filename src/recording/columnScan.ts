import type { Micros } from "../core/units.js";
import { BlockStarts, BY_SEPARATOR, EMPTY_BLOCK, SEPARATOR, timeAfter } from "./columns.js";
import { LebReader, NumberReader } from "./growing.js";
import { KIND, MAX_PAYLOAD } from "./layout.js";
import type { SegmentHeader } from "./segment.js";

/**
 * Goes through the items of a segment, one `next` after the other, without making garbage. `next` returns false
 * behind the last one, and when the columns are not as described: then `damaged` is set.
 */
export class ColumnScan {
  readonly #table: Buffer;
  readonly #output: Buffer;
  readonly #blocks: number;
  readonly #separated: boolean;
  readonly #unit: number;
  readonly #surprises: LebReader;
  readonly #times: NumberReader;
  readonly #lengths: NumberReader;
  readonly #flagsAt: number;
  readonly #kindsAt: number;
  readonly #starts = new BlockStarts();
  readonly #items: number;
  #item = 0;
  #block = 0;
  #nextSurprise: number;
  #surprisesLeft: number;
  #otherAt: number;
  #outputAt = 0;
  damaged: boolean;
  /** The kind of the frame, or `EMPTY_BLOCK`. */
  code = 0;
  /** The frame's time; of a block without frames, that of its seal. */
  at: Micros;
  payload: Uint8Array = new Uint8Array(0);
  /** Whether the item is the first of its block, and the block's flags. */
  startsBlock = false;
  flags = 0;

  constructor(header: SegmentHeader, table: Buffer, output: Buffer) {
    this.#table = table;
    this.#output = output;
    this.#blocks = header.blocks;
    this.at = header.time;
    const start = new LebReader(table, 1);
    this.#items = start.next();
    this.#unit = start.next();
    this.#surprisesLeft = start.next();
    this.#separated = table[0] === BY_SEPARATOR;
    const possible = this.#items <= table.length && this.#surprisesLeft <= this.#items;
    this.damaged = start.damaged || !possible || this.#unit === 0 || (table[0] ?? 2) > BY_SEPARATOR;
    const items = this.damaged ? 0 : this.#items;
    this.#surprises = new LebReader(table, start.at);
    const behind = new LebReader(table, start.at);
    behind.skip(this.damaged ? 0 : this.#surprisesLeft);
    this.#nextSurprise = this.#surprisesLeft > 0 ? this.#surprises.next() : -1;
    this.#flagsAt = behind.at;
    this.#times = new NumberReader(table, this.#flagsAt + header.blocks, items);
    this.#kindsAt = this.#times.end;
    this.#lengths = new NumberReader(table, this.#kindsAt + items, this.#lengthsIn(items));
    this.#otherAt = this.#lengths.end;
    const frames = this.#countKinds(items, (kind) => kind !== EMPTY_BLOCK);
    this.damaged ||= behind.damaged || this.#otherAt > table.length || frames !== header.frames;
  }

  #lengthsIn(items: number): number {
    const inTable = (kind: number): boolean =>
      kind !== EMPTY_BLOCK && !(this.#separated && kind === KIND.output);
    return this.#countKinds(items, inTable);
  }

  #countKinds(items: number, counts: (kind: number) => boolean): number {
    let count = 0;
    for (let i = 0; i < items; i++) if (counts(this.#table[this.#kindsAt + i] ?? EMPTY_BLOCK)) count++;
    return count;
  }

  next(): boolean {
    if (this.damaged) return false;
    if (this.#item === this.#items) return this.#finish();
    this.code = this.#table[this.#kindsAt + this.#item] ?? EMPTY_BLOCK;
    const time = timeAfter(this.at, this.#times.next(), this.#unit);
    if (time === undefined) return this.#broken();
    this.at = time;
    this.startsBlock = this.#starts.expects(this.code, time) !== this.#surprise();
    this.#starts.settle(this.code, time, this.startsBlock);
    if (this.startsBlock) this.flags = this.#table[this.#flagsAt + this.#block++] ?? 0;
    // The first item starts a block, and so does one without frames.
    if (this.#block === 0 || this.#block > this.#blocks) return this.#broken();
    if (this.code === EMPTY_BLOCK && !this.startsBlock) return this.#broken();
    this.#item++;
    return this.code === EMPTY_BLOCK ? this.#take(this.#table, this.#otherAt, 0) : this.#takePayload();
  }

  /** Whether this item is one where the expectation is wrong. */
  #surprise(): boolean {
    if (this.#item !== this.#nextSurprise) return false;
    this.#surprisesLeft--;
    this.#nextSurprise = this.#surprisesLeft > 0 ? this.#nextSurprise + this.#surprises.next() : -1;
    return true;
  }

  #takePayload(): boolean {
    if (this.code !== KIND.output) {
      const length = this.#lengths.next();
      const from = this.#otherAt;
      this.#otherAt += length;
      return this.#take(this.#table, from, length);
    }
    const from = this.#outputAt;
    const length = this.#separated ? this.#output.indexOf(SEPARATOR, from) - from : this.#lengths.next();
    this.#outputAt = from + length + (this.#separated ? 1 : 0);
    return length < 0 ? this.#broken() : this.#take(this.#output, from, length);
  }

  #take(column: Buffer, from: number, length: number): boolean {
    if (length > MAX_PAYLOAD || from + length > column.length) return this.#broken();
    this.payload = new Uint8Array(column.buffer, column.byteOffset + from, length);
    return true;
  }

  /** Behind the last item: every column must have been used up. */
  #finish(): false {
    this.damaged =
      this.#block !== this.#blocks ||
      this.#surprisesLeft > 0 ||
      this.#otherAt !== this.#table.length ||
      this.#outputAt !== this.#output.length;
    return false;
  }

  #broken(): false {
    this.damaged = true;
    return false;
  }
}
