import type { Screen } from "../terminal/screen.js";
import { packScreen, unpackScreen } from "./keptScreen.js";

/** A screen kept at an event, which it shows. */
export interface Keyframe {
  readonly event: number;
  /** The kept screen anew; undefined when it turns out to be damaged. */
  open(): Screen | undefined;
}

/** Output between two kept screens, to begin with. */
const SPACING = 256 * 1024;
const MAX_MEMORY = 32 * 1024 * 1024;

/** A kept screen in memory. */
export interface PackedFrame {
  readonly event: number;
  readonly bytes: Uint8Array;
}

/** Kept screens in order, of which every second is dropped when they take more than 32 MiB. */
export class FrameList {
  #frames: PackedFrame[] = [];
  #size = 0;
  /** How often that was done. */
  thinned = 0;

  get frames(): readonly PackedFrame[] {
    return this.#frames;
  }

  add(frame: PackedFrame): void {
    this.#frames.push(frame);
    this.#size += frame.bytes.length;
    while (this.#size > MAX_MEMORY && this.#frames.length > 1) {
      this.#frames = this.#frames.filter((_, i) => i % 2 === 1);
      this.#size = this.#frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
      this.thinned++;
    }
  }
}

/** Takes screens on the way through a session: one for about every 256 KiB of output, fewer when they are thinned. */
export class FrameTaker {
  readonly #list = new FrameList();
  #since = 0;

  get frames(): readonly PackedFrame[] {
    return this.#list.frames;
  }

  /** Tells of an applied event; gives its screen when it is time for one. */
  offer(event: number, bytes: number, screen: Screen): PackedFrame | undefined {
    this.#since += bytes;
    if (this.#since < SPACING * 2 ** this.#list.thinned) return undefined;
    const packed = packScreen(screen);
    if (packed === undefined) return undefined;
    this.#since = 0;
    const frame = { event, bytes: packed };
    this.#list.add(frame);
    return frame;
  }
}

/** The kept screens of a session, so that a seek does not begin at the start. */
export class Keyframes {
  readonly #taker = new FrameTaker();
  /** From elsewhere: made ahead, in order. */
  #ahead: readonly Keyframe[] = [];
  #through = -1;

  /** Tells of an applied event; its screen is kept when there is none near it and it is time for one. */
  offer(event: number, bytes: number, screen: Screen): void {
    if (event <= this.#through || event <= this.#last) return;
    this.#through = event;
    this.#taker.offer(event, bytes, screen);
  }

  /** Takes the place of all that came this way before. */
  setAhead(frames: readonly Keyframe[]): void {
    this.#ahead = frames;
  }

  /** The last one at or before an event. */
  before(event: number): Keyframe | undefined {
    const ahead = lastBefore(this.#ahead, event);
    const own = lastBefore(this.#taker.frames, event);
    if (own === undefined || (ahead !== undefined && ahead.event >= own.event)) return ahead;
    return packedKeyframe(own);
  }

  get #last(): number {
    return this.#ahead.at(-1)?.event ?? -1;
  }
}

export const packedKeyframe = ({ event, bytes }: PackedFrame): Keyframe => ({
  event,
  open: () => unpackScreen(bytes),
});

function lastBefore<T extends { readonly event: number }>(
  frames: readonly T[],
  event: number,
): T | undefined {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle] as T).event <= event) low = middle + 1;
    else high = middle;
  }
  return frames[low - 1];
}
