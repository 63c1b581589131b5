import type { SessionEvent } from "../core/event.js";
import { type Micros, micros, type Seq, seq } from "../core/units.js";

/** A number for each kind. Never changed, only added to: caches hold them. */
const NUMBERS: Readonly<Record<SessionEvent["kind"], number>> = {
  open: 0,
  output: 1,
  input: 2,
  masked: 3,
  resize: 4,
  signal: 5,
  suspend: 6,
  resume: 7,
  gap: 8,
  notice: 9,
  end: 10,
  unknown: 11,
  observation: 12,
  transcript: 13,
};
export const KINDS = Object.keys(NUMBERS) as readonly SessionEvent["kind"][];
const OUTPUT = KINDS.indexOf("output");

/**
 * When each event of a session happened, what kind it is and how much it holds: 17 bytes an event, without the
 * payloads, so that a long session costs little. Events are numbered from 0 in the order they were read.
 */
export class EventIndex {
  #at = new Float64Array(1024);
  #seq = new Uint32Array(1024);
  #bytes = new Uint32Array(1024);
  #kind = new Uint8Array(1024);
  #outputs = new Uint32Array(1024);
  #count = 0;
  #outputCount = 0;
  #outputBytes = 0;

  get count(): number {
    return this.#count;
  }

  get outputCount(): number {
    return this.#outputCount;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** The time of the last event. */
  get end(): Micros {
    return this.#count === 0 ? micros(0) : this.at(this.#count - 1);
  }

  add(event: SessionEvent): void {
    this.put(event.at, event.seq, event.kind, event.kind === "output" ? event.data.length : 0);
  }

  /** Adds an event by what is kept of it; `bytes` counts for output only. */
  put(at: number, number: number, kind: SessionEvent["kind"], bytes: number): void {
    const i = this.#count++;
    if (i === this.#at.length) this.#grow();
    this.#at[i] = at;
    this.#seq[i] = number;
    this.#kind[i] = KINDS.indexOf(kind);
    if (kind !== "output") return;
    this.#bytes[i] = bytes;
    this.#outputBytes += bytes;
    if (this.#outputCount === this.#outputs.length) this.#outputs = grown(this.#outputs, Uint32Array);
    this.#outputs[this.#outputCount++] = i;
  }

  at(event: number): Micros {
    return micros(this.#at[event] ?? 0);
  }

  seq(event: number): Seq {
    return seq(this.#seq[event] ?? 0);
  }

  kind(event: number): SessionEvent["kind"] | undefined {
    return event < this.#count ? KINDS[this.#kind[event] as number] : undefined;
  }

  isOutput(event: number): boolean {
    return this.#kind[event] === OUTPUT && event < this.#count;
  }

  /** Bytes of output in an event. */
  bytes(event: number): number {
    return this.#bytes[event] ?? 0;
  }

  /** The event that is the `n`th output. */
  output(n: number): number | undefined {
    return n >= 0 && n < this.#outputCount ? this.#outputs[n] : undefined;
  }

  /** The last event at or before a time, -1 when there is none. */
  lastAt(time: Micros): number {
    return upperBound(this.#at, this.#count, time) - 1;
  }

  /** The last event with at most this sequence number, -1 when there is none. */
  lastWithSeq(number: Seq): number {
    return upperBound(this.#seq, this.#count, number) - 1;
  }

  /** How many outputs are among the events up to and including `event`. */
  outputsThrough(event: number): number {
    return upperBound(this.#outputs, this.#outputCount, event);
  }

  #grow(): void {
    this.#at = grown(this.#at, Float64Array);
    this.#seq = grown(this.#seq, Uint32Array);
    this.#bytes = grown(this.#bytes, Uint32Array);
    this.#kind = grown(this.#kind, Uint8Array);
  }
}

function grown<T extends { length: number; set(from: T): void }>(old: T, type: new (length: number) => T): T {
  const next = new type(old.length * 2);
  next.set(old);
  return next;
}

/** How many of the first `count` values, sorted, are at most `limit`. */
function upperBound(values: ArrayLike<number>, count: number, limit: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
