import { type Micros, micros } from "../core/units.js";

/** A stretch of a session in which nothing was shown. */
export interface Idle {
  readonly from: Micros;
  readonly to: Micros;
}

/** Nothing shown for longer than this is idle; when cut, this much of it is left. */
export const IDLE_MICROS = 2_000_000;
const LEFT_OF_IDLE = 500_000;

/**
 * Maps a session's time to the time it takes to watch, and back. Either all of it, or with idle stretches cut to
 * half a second each.
 */
export class PlayTime {
  readonly #idle: readonly Idle[];
  /** For each stretch: where its cut end lies on the watching side. */
  readonly #ends: readonly number[];

  constructor(idle: readonly Idle[]) {
    this.#idle = idle;
    let saved = 0;
    this.#ends = idle.map(({ from, to }) => {
      saved += to - from - LEFT_OF_IDLE;
      return to - saved;
    });
  }

  /** Watching time at a moment of the session. */
  watched(at: Micros): number {
    const n = countUpTo(this.#idle.length, (i) => (this.#idle[i] as Idle).from <= at);
    if (n === 0) return at;
    const { from, to } = this.#idle[n - 1] as Idle;
    const end = this.#ends[n - 1] as number;
    if (at >= to) return end + (at - to);
    return end - LEFT_OF_IDLE + ((at - from) / (to - from)) * LEFT_OF_IDLE;
  }

  /** The moment of the session that is reached after so much watching. */
  moment(watched: number): Micros {
    const n = countUpTo(this.#idle.length, (i) => (this.#ends[i] as number) - LEFT_OF_IDLE <= watched);
    if (n === 0) return micros(Math.max(0, watched));
    const { from, to } = this.#idle[n - 1] as Idle;
    const end = this.#ends[n - 1] as number;
    if (watched >= end) return micros(to + (watched - end));
    return micros(from + ((watched - (end - LEFT_OF_IDLE)) / LEFT_OF_IDLE) * (to - from));
  }
}

function countUpTo(length: number, holds: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
