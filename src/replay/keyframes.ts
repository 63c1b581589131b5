import type { Screen } from "../terminal/screen.js";
import type { ScreenSnapshot } from "../terminal/snapshot.js";

export interface Keyframe {
  /** The last event that the screen shows. */
  readonly event: number;
  readonly snapshot: ScreenSnapshot;
}

const FIRST_SPACING = 128 * 1024;
const MAX_MEMORY = 48 * 1024 * 1024;

/**
 * Screens kept on the way, so that going back does not begin at the start. About one for every 128 KiB of output;
 * when they take more than 48 MiB, every second is dropped and they are kept half as often.
 */
export class Keyframes {
  #kept: Keyframe[] = [];
  #spacing = FIRST_SPACING;
  #size = 0;
  #since = 0;
  #through = -1;

  /** Tells of an applied event; its screen is kept when it is time for one. */
  offer(event: number, bytes: number, screen: Screen): void {
    if (event <= this.#through) return;
    this.#through = event;
    this.#since += bytes;
    if (this.#since < this.#spacing) return;
    const snapshot = screen.snapshot();
    if (snapshot === undefined) return;
    this.#since = 0;
    this.#kept.push({ event, snapshot });
    this.#size += snapshot.size;
    while (this.#size > MAX_MEMORY && this.#kept.length > 1) this.#thin();
  }

  /** The last one at or before an event. */
  before(event: number): Keyframe | undefined {
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle] as Keyframe).event <= event) low = middle + 1;
      else high = middle;
    }
    return this.#kept[low - 1];
  }

  #thin(): void {
    this.#kept = this.#kept.filter((_, i) => i % 2 === 1);
    this.#spacing *= 2;
    this.#size = this.#kept.reduce((sum, { snapshot }) => sum + snapshot.size, 0);
  }
}
