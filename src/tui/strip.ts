import { atLeast, type Level } from "../core/flag.js";
import type { Micros } from "../core/units.js";
import { PlayTime } from "../replay/idle.js";
import type { PlayerState } from "../replay/player.js";
import type { Timeline } from "../replay/timeline.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";

const BARS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"];
const HIT = "┇";

/** A part of the session that the strip shows, in watching time. */
interface Window {
  readonly from: number;
  readonly span: number;
}

interface Drawn extends Window {
  readonly width: number;
  readonly cutIdle: boolean;
  readonly hits: readonly Micros[];
  readonly cells: readonly Piece[];
}

/** How far the strip can be zoomed in: 1 is the whole session. */
export const MAX_ZOOM = 1024;

/**
 * The session in one row, or a part of it: how much was shown when, flags by the sign of their level (the worst where
 * several share a cell), what a search found, and where the player is. Idle stretches take no more room than they do
 * when they are cut.
 */
export class Strip {
  readonly #timeline: Timeline;
  readonly #uncut = new PlayTime([]);
  #drawn: Drawn | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  pieces(state: PlayerState, width: number, zoom = 1, hits: readonly Micros[] = []): readonly Piece[] {
    const { at, cutIdle } = state;
    const window = this.#window(state, zoom);
    const known = this.#drawn;
    const same =
      known?.width === width &&
      known.cutIdle === cutIdle &&
      known.hits === hits &&
      known.from === window.from &&
      known.span === window.span;
    const drawn = same
      ? known
      : { ...window, width, cutIdle, hits, cells: this.#draw(width, cutIdle, window, hits) };
    this.#drawn = drawn;
    const head = this.#column(at, width, cutIdle, window);
    return drawn.cells.map((cell, i) =>
      i === head ? { text: cell.look === "dim" ? "│" : cell.text, look: "bar" } : cell,
    );
  }

  /** The moment of the session under a column. */
  momentAt(column: number, state: PlayerState, width: number, zoom: number): Micros {
    const { from, span } = this.#window(state, zoom);
    return this.#time(state.cutIdle).moment(from + ((column + 0.5) / width) * span);
  }

  /** Zoomed in, the window moves on by half of itself, so that it stands still most of the time. */
  #window({ at, cutIdle }: PlayerState, zoom: number): Window {
    const time = this.#time(cutIdle);
    const whole = Math.max(1, time.watched(this.#timeline.duration));
    const span = whole / zoom;
    const page = Math.floor(time.watched(at) / (span / 2)) - 0.5;
    return { from: Math.max(0, Math.min(whole - span, page * (span / 2))), span };
  }

  #draw(width: number, cutIdle: boolean, window: Window, hits: readonly Micros[]): readonly Piece[] {
    const levels = new Array<Level | undefined>(width).fill(undefined);
    for (const { at, rule } of this.#timeline.flags) {
      const column = this.#column(at, width, cutIdle, window);
      const there = levels[column];
      if (there === undefined || atLeast(rule.level, there)) levels[column] = rule.level;
    }
    const found = new Set(hits.map((at) => this.#column(at, width, cutIdle, window)));
    return this.#activity(width, cutIdle, window).map((bar, i): Piece => {
      const level = levels[i];
      if (level !== undefined) return { text: LEVEL_SIGN[level], look: level };
      return found.has(i) ? { text: HIT, look: "hit" } : { text: bar, look: "dim" };
    });
  }

  /** How much was shown in each cell, on a scale that lets small outputs be seen beside large ones. */
  #activity(width: number, cutIdle: boolean, window: Window): string[] {
    const bytes = new Array<number>(width).fill(0);
    const { index } = this.#timeline;
    const time = this.#time(cutIdle);
    const first = index.outputsThrough(index.lastAt(time.moment(window.from)) - 1);
    const last = index.outputsThrough(index.lastAt(time.moment(window.from + window.span)));
    for (let n = Math.max(0, first); n < last; n++) {
      const event = index.output(n) as number;
      const i = this.#column(index.at(event), width, cutIdle, window);
      if (i in bytes) bytes[i] = (bytes[i] as number) + index.bytes(event);
    }
    const most = Math.log1p(Math.max(1, ...bytes));
    const height = (n: number) => (n === 0 ? 0 : 1 + Math.round((Math.log1p(n) / most) * (BARS.length - 2)));
    return bytes.map((n) => BARS[height(n)] as string);
  }

  /** The cell of a moment; -1 when it lies outside of the window. */
  #column(at: Micros, width: number, cutIdle: boolean, { from, span }: Window): number {
    const place = Math.floor(((this.#time(cutIdle).watched(at) - from) / span) * width);
    const end = place === width && at >= this.#timeline.duration ? width - 1 : place;
    return end < 0 || end >= width ? -1 : end;
  }

  #time(cutIdle: boolean): PlayTime {
    return cutIdle ? this.#timeline.cut : this.#uncut;
  }
}
