import { atLeast, type Flag, type Level } from "../core/flag.js";
import type { PlayerState } from "../replay/player.js";
import type { Timeline } from "../replay/timeline.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";

const BARS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"];

/**
 * The whole session in one row: how much was shown when, flags by the sign of their level (the worst where several
 * share a cell), and where the player is. Idle stretches take no more room than they do when they are cut.
 */
export class Strip {
  readonly #timeline: Timeline;
  #drawn: { readonly width: number; readonly cutIdle: boolean; readonly cells: readonly Piece[] } | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  pieces({ at, cutIdle }: PlayerState, width: number): readonly Piece[] {
    if (this.#drawn?.width !== width || this.#drawn.cutIdle !== cutIdle)
      this.#drawn = { width, cutIdle, cells: this.#draw(width, cutIdle) };
    const head = this.#column(at, width, cutIdle);
    return this.#drawn.cells.map((cell, i) =>
      i === head ? { text: cell.look === "dim" ? "│" : cell.text, look: "bar" } : cell,
    );
  }

  #draw(width: number, cutIdle: boolean): readonly Piece[] {
    const { flags } = this.#timeline;
    const levels = new Array<Level | undefined>(width).fill(undefined);
    for (const { at, rule } of flags) {
      const column = this.#column(at, width, cutIdle);
      const there = levels[column];
      if (there === undefined || atLeast(rule.level, there)) levels[column] = rule.level;
    }
    return this.#activity(width, cutIdle).map((bar, i): Piece => {
      const level = levels[i];
      return level === undefined ? { text: bar, look: "dim" } : { text: LEVEL_SIGN[level], look: level };
    });
  }

  /** How much was shown in each cell, on a scale that lets small outputs be seen beside large ones. */
  #activity(width: number, cutIdle: boolean): string[] {
    const bytes = new Array<number>(width).fill(0);
    const { index } = this.#timeline;
    for (let n = 0; n < index.outputCount; n++) {
      const event = index.output(n) as number;
      const i = this.#column(index.at(event), width, cutIdle);
      bytes[i] = (bytes[i] as number) + index.bytes(event);
    }
    const most = Math.log1p(Math.max(1, ...bytes));
    const height = (n: number) => (n === 0 ? 0 : 1 + Math.round((Math.log1p(n) / most) * (BARS.length - 2)));
    return bytes.map((n) => BARS[height(n)] as string);
  }

  #column(at: Flag["at"], width: number, cutIdle: boolean): number {
    const { cut, duration } = this.#timeline;
    const watched = (moment: Flag["at"]) => (cutIdle ? cut.watched(moment) : moment);
    return Math.min(width - 1, Math.floor((watched(at) / Math.max(1, watched(duration))) * width));
  }
}
