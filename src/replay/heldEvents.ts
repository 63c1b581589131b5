import type { SessionEvent } from "../core/event.js";
import { micros, type Seq, seq } from "../core/units.js";
import type { EventSource } from "./eventSource.js";

const CHUNK = 1024 * 1024;

/** Payloads up to this size in all are held in memory; what lies behind is read again when it is needed. */
const MAX_HELD = 128 * 1024 * 1024;

/**
 * Makes a source that can begin anywhere out of one that can only be read from the start, such as a recording.
 * Bytes are held packed together, not as an object an event: a session may have millions.
 */
export class HeldEvents implements EventSource {
  readonly #read: () => Iterable<SessionEvent>;
  readonly #chunks: Uint8Array[] = [];
  readonly #at: number[] = [];
  readonly #seq: number[] = [];
  /** For output: where its bytes begin and how many they are. For all else: the event itself. */
  readonly #start: number[] = [];
  readonly #length: number[] = [];
  readonly #others = new Map<number, SessionEvent>();
  #free = CHUNK;
  readonly #complete: boolean;

  /** Reads what `read` gives, once now and again whenever more was there than is held. */
  constructor(read: () => Iterable<SessionEvent>, maxHeld = MAX_HELD) {
    this.#read = read;
    let held = 0;
    for (const event of read()) {
      if (event.kind === "output") held += event.data.length;
      if (held > maxHeld) {
        this.#complete = false;
        return;
      }
      this.#hold(event);
    }
    this.#complete = true;
  }

  *events(from: Seq = seq(0)): Generator<SessionEvent, void> {
    const count = this.#seq.length;
    let i = 0;
    for (let end = count; i < end; ) {
      const middle = (i + end) >> 1;
      if ((this.#seq[middle] as number) < from) i = middle + 1;
      else end = middle;
    }
    for (; i < count; i++) yield this.#event(i);
    if (this.#complete) return;
    const last = this.#seq[count - 1] ?? -1;
    for (const event of this.#read()) if (event.seq > last && event.seq >= from) yield event;
  }

  #hold(event: SessionEvent): void {
    const i = this.#seq.length;
    this.#at.push(event.at);
    this.#seq.push(event.seq);
    if (event.kind !== "output") {
      this.#others.set(i, event.kind === "input" ? { ...event, data: event.data.slice() } : event);
      this.#start.push(0);
      this.#length.push(0);
      return;
    }
    const { data } = event;
    if (this.#free === CHUNK || this.#free + data.length > CHUNK) {
      this.#chunks.push(new Uint8Array(Math.max(CHUNK, data.length)));
      this.#free = 0;
    }
    const chunk = this.#chunks.length - 1;
    (this.#chunks[chunk] as Uint8Array).set(data, this.#free);
    this.#start.push(chunk * CHUNK + this.#free);
    this.#length.push(data.length);
    this.#free += data.length;
  }

  #event(i: number): SessionEvent {
    const other = this.#others.get(i);
    if (other !== undefined) return other;
    const start = this.#start[i] as number;
    const chunk = this.#chunks[Math.floor(start / CHUNK)] as Uint8Array;
    const within = start % CHUNK;
    const data = chunk.subarray(within, within + (this.#length[i] as number));
    return { kind: "output", at: micros(this.#at[i] as number), seq: seq(this.#seq[i] as number), data };
  }
}
