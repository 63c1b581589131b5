import { type Emulator, SCROLLBACK } from "./emulator.js";
import type { ControlName, Params } from "./internals.js";
import { logicalLine, REACH, rowPart, trimEnd } from "./logicalLine.js";

/**
 * Receives a logical line. `lasting`: a line feed scrolled on past it, so it is not going to be painted over.
 * `place`: the row it ends in, counted on while the screen scrolls.
 */
export type LineSink = (text: string, lasting: boolean, place: number) => void;

/** After these the cursor may be elsewhere, the rows elsewhere, or the screen another. */
const MOVES_ON: readonly ControlName[] = [
  "cursorDown",
  "cursorUp",
  "deleteLines",
  "fullReset",
  "index",
  "insertLines",
  "linePosAbsolute",
  "restoreCursor",
  "reverseIndex",
  "screenAlignmentPattern",
  "scrollDown",
  "scrollUp",
  "setScrollRegion",
  "softReset",
  "vPositionRelative",
];

/** These change text inside rows, so that a new text may stand there which was never printed as such. */
const CHANGES_ROW: readonly ControlName[] = [
  "deleteChars",
  "deleteColumns",
  "eraseChars",
  "insertChars",
  "insertColumns",
  "scrollLeft",
  "scrollRight",
];

/** Characters of a row told beside what was printed, when the whole line is not affordable. */
const CONTEXT = 64;

/** How often a line without an end scrolls by before a piece of it is told. */
export const wrapsPerPiece = (cols: number): number => Math.min(REACH / 2 / cols, SCROLLBACK / 2);

/** Private modes that switch the screen or move the cursor. */
const MOVING_MODES = new Set([3, 6, 47, 1047, 1048, 1049]);

/**
 * Says what is written on an emulated screen, a logical line at a time, at the moment when it is complete: when
 * the cursor leaves its row, and before it is overwritten or erased. Only the row under the cursor can hold text
 * that was not told yet, so nothing else is ever looked at.
 *
 * What is told depends on the bytes alone, not on how they are cut into pieces.
 */
export class LineCapture {
  readonly #emulator: Emulator;
  readonly #sink: LineSink;
  /** Whether line `#row` of the buffer changed since it was last told. */
  #fresh = false;
  #row = 0;
  /** What was printed since then: from a column `#wrapped` rows above to one in this row. */
  #printedFrom = 0;
  #wrapped = 0;
  /** Printing left of this overwrites untold text. */
  #printedTo = 0;
  /** Rows that the line being printed has scrolled by since it was last told. */
  #scrolled = 0;
  #printing = false;
  #muted = false;

  readonly #paid: () => boolean;

  /**
   * Two bytes can be enough to change a line of thousands of characters. `paid` says whether the output so far
   * is worth telling whole lines; where it is not, only what is new in a row is told, with a little around it.
   */
  constructor(emulator: Emulator, sink: LineSink, paid: () => boolean) {
    this.#emulator = emulator;
    this.#sink = sink;
    this.#paid = paid;
    this.#watchPrinting();
    this.#watchEndlessLines();
    this.#watchMoves();
    this.#watchChanges();
  }

  /** Whether a text stands there that was not told yet. */
  get pending(): boolean {
    return this.#fresh;
  }

  /** Tells the line that was written last, if it was not told yet. */
  capture(lasting = false): void {
    if (!this.#fresh) return;
    this.#fresh = false;
    this.#scrolled = 0;
    const text = this.#muted ? "" : this.#paid() ? this.#wholeLine() : this.#printedPart();
    this.#printedTo = 0;
    this.#wrapped = 0;
    if (!this.#muted) this.#sink(text, lasting, this.#placeOf(this.#row));
  }

  /** Lets the emulator be written to without telling of it: that was done. */
  mute(write: () => void): void {
    this.#muted = true;
    write();
    this.#muted = false;
  }

  #placeOf(row: number): number {
    return this.#emulator.scrolled + row - this.#emulator.buffer.ybase;
  }

  #wholeLine(): string {
    return logicalLine(this.#emulator.buffer, this.#row);
  }

  #printedPart(): string {
    const { buffer, cols } = this.#emulator;
    let text = "";
    for (let above = this.#wrapped; above >= 0; above--) {
      const from = above === this.#wrapped ? this.#printedFrom - CONTEXT : 0;
      text += rowPart(buffer, this.#row - above, from, above === 0 ? this.#printedTo + CONTEXT : cols);
    }
    return trimEnd(text);
  }

  #watchPrinting(): void {
    const { input } = this.#emulator;
    const print = input.print;
    input.print = (data, start, end) => {
      const { buffer } = this.#emulator;
      if (this.#fresh && (buffer.x < this.#printedTo || buffer.ybase + buffer.y !== this.#row))
        this.capture();
      this.#printing = true;
      if (this.#printedTo === 0) this.#printedFrom = buffer.x;
      const { y } = buffer;
      print.call(input, data, start, end);
      this.#printing = false;
      this.#wrapped += buffer.y - y;
      this.#changed();
      this.#printedTo = buffer.x;
    };
  }

  /** A line without an end is told in pieces that overlap by half, before its first rows are gone. */
  #watchEndlessLines(): void {
    this.#emulator.core._bufferService.onScroll(() => {
      if (!this.#printing) return;
      this.#wrapped++;
      const { buffer, cols } = this.#emulator;
      if (++this.#scrolled < wrapsPerPiece(cols)) return;
      this.#scrolled = 0;
      if (this.#muted) return;
      const above = buffer.ybase + buffer.y - 1;
      this.#sink(logicalLine(buffer, above), true, this.#placeOf(above));
    });
  }

  #watchMoves(): void {
    const { decPrivateModes } = this.#emulator.core.coreService;
    for (const name of MOVES_ON) this.#before(name, () => this.capture());
    this.#before("lineFeed", () => this.capture(this.#atBottom()));
    this.#before("cursorPosition", ({ params }) => {
      if ((params[0] || 1) - 1 !== this.#emulator.buffer.y || decPrivateModes.origin) this.capture();
    });
    for (const name of ["setModePrivate", "resetModePrivate"] as const)
      this.#before(name, ({ params, length }) => {
        for (let i = 0; i < length; i++) if (MOVING_MODES.has(params[i] ?? 0)) this.capture();
      });
  }

  #watchChanges(): void {
    const { input } = this.#emulator;
    for (const name of CHANGES_ROW) {
      const run = input[name];
      input[name] = (params, ...more) => {
        this.capture();
        const done = run.call(input, params, ...more);
        this.#changed();
        return done;
      };
    }
    for (const name of ["eraseInLine", "eraseInDisplay"] as const) {
      const run = input[name];
      input[name] = (params, ...more) => {
        const what = params.params[0] ?? 0;
        if (what === 3 && name === "eraseInDisplay") return run.call(input, params, ...more);
        // Erasing to the right of all that was just printed takes nothing away that was not told.
        if (what !== 0 || this.#emulator.buffer.x < this.#printedTo) this.capture();
        const done = run.call(input, params, ...more);
        this.#changed();
        return done;
      };
    }
  }

  #changed(): void {
    const { buffer } = this.#emulator;
    this.#fresh = true;
    this.#row = buffer.ybase + buffer.y;
  }

  #before(name: ControlName, act: (params: Params) => void): void {
    const { input } = this.#emulator;
    const run = input[name];
    input[name] = (params, ...more) => {
      if (this.#fresh) act(params);
      return run.call(input, params, ...more);
    };
  }

  /** Whether a line feed now scrolls the whole normal screen. */
  #atBottom(): boolean {
    const { buffer, rows, isAlternate } = this.#emulator;
    return (
      !isAlternate && buffer.y === rows - 1 && buffer.scrollBottom === rows - 1 && buffer.scrollTop === 0
    );
  }
}
