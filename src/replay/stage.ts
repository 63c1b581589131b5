import type { SessionEvent } from "../core/event.js";
import { seq } from "../core/units.js";
import { Screen } from "../terminal/screen.js";
import type { EventSource } from "./eventSource.js";
import { Keyframes } from "./keyframes.js";
import type { Timeline } from "./timeline.js";

/** A place in a session: all events through `event` were applied, and `bytes` of the one after it. */
export interface Place {
  readonly event: number;
  readonly bytes: number;
}

export const START: Place = { event: -1, bytes: 0 };

/**
 * The recorded screen at any place of a session. It applies what lies between the nearest kept screen and the place.
 * The screen at a place is the same whichever way it was reached.
 */
export class Stage {
  readonly #timeline: Timeline;
  readonly #source: EventSource;
  readonly #keyframes: Keyframes;
  #screen: Screen;
  #place: Place = START;
  #events: Iterator<SessionEvent> | undefined;
  #next: SessionEvent | undefined;

  constructor(timeline: Timeline, source: EventSource, keyframes = new Keyframes()) {
    this.#timeline = timeline;
    this.#source = source;
    this.#keyframes = keyframes;
    this.#screen = this.#blank();
  }

  get screen(): Screen {
    return this.#screen;
  }

  get place(): Place {
    return this.#place;
  }

  /** The output whose first bytes were shown, when the place is inside one; or that comes next. */
  peek(): SessionEvent | undefined {
    this.#open();
    return this.#next;
  }

  goTo(place: Place): void {
    this.approach(place, () => false);
  }

  /** Goes towards a place until it is there, which is returned, or `late` says that it is enough for now. */
  approach(place: Place, late: () => boolean): boolean {
    const event = Math.max(-1, Math.min(this.#timeline.index.count - 1, place.event));
    const bytes = place.event === event ? place.bytes : 0;
    const here = this.#place;
    const back = event < here.event || (event === here.event && bytes < here.bytes);
    this.#leap(event, back ? -2 : here.event);
    while (this.#place.event < event) {
      if (!this.#step()) break;
      if (this.#place.event < event && late()) return false;
    }
    const next = bytes > 0 ? this.peek() : undefined;
    if (next?.kind !== "output" || bytes <= this.#place.bytes) return true;
    this.#screen.write(next.data.subarray(this.#place.bytes, bytes));
    this.#place = { event, bytes: Math.min(bytes, next.data.length) };
    return true;
  }

  /** Applies the next event, or what is left of it. */
  #step(): boolean {
    const next = this.peek();
    if (next === undefined) return false;
    if (next.kind === "output") this.#screen.write(next.data.subarray(this.#place.bytes));
    else if (next.kind === "resize") this.#screen.resize(next.size.cols, next.size.rows);
    this.#place = { event: this.#place.event + 1, bytes: 0 };
    this.#next = undefined;
    if (next.kind === "output") this.#keyframes.offer(this.#place.event, next.data.length, this.#screen);
    return true;
  }

  /** To the last kept screen at or before `event`, if it lies behind `beyond`; -2: in any case, if to the start. */
  #leap(event: number, beyond: number): void {
    for (let kept = this.#keyframes.before(event); kept !== undefined && kept.event > beyond; ) {
      const screen = kept.open();
      if (screen !== undefined) {
        this.#jump(kept.event, screen);
        return;
      }
      // It was damaged: the one before it will do.
      kept = this.#keyframes.before(kept.event - 1);
    }
    if (beyond === -2) this.#jump(-1, this.#blank());
  }

  #jump(event: number, screen: Screen): void {
    this.#screen = screen;
    this.#place = { event, bytes: 0 };
    this.#events?.return?.();
    this.#events = undefined;
    this.#next = undefined;
  }

  #blank(): Screen {
    return new Screen(this.#timeline.size.cols, this.#timeline.size.rows);
  }

  #open(): void {
    if (this.#next !== undefined) return;
    if (this.#events === undefined) {
      const { index } = this.#timeline;
      const first = this.#place.event + 1;
      if (first >= index.count) return;
      const from = first === 0 ? seq(0) : index.seq(first);
      this.#events = this.#source.events(from)[Symbol.iterator]();
    }
    // A recording that is still being written may have more events by now than were laid out.
    if (this.#place.event + 1 >= this.#timeline.index.count) return;
    const { value, done } = this.#events.next();
    this.#next = done === true ? undefined : value;
  }
}
