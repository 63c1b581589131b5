import { type Cell, type Style, unpackStyle } from "./cell.js";
import { Emulator } from "./emulator.js";
import type { Line } from "./internals.js";
import { cellText, logicalLine } from "./logicalLine.js";
import { restoreEmulator, type ScreenSnapshot, snapshotEmulator } from "./snapshot.js";

export interface Cursor {
  readonly row: number;
  readonly column: number;
  readonly visible: boolean;
}

const CODE_POINT = 0x1fffff;
const COMBINED = 0x200000;
const WIDTH_SHIFT = 22;
const EXTENDED = 1 << 28;

/**
 * An emulated screen: recorded bytes in, cells out. It is as faithful as the emulator, and its cells hold the
 * recorded characters as they are: nothing of it may reach a reviewer's terminal but through `renderRow`.
 */
export class Screen {
  #emulator: Emulator;
  /** Styles repeat from cell to cell: each packed one is unpacked once. */
  readonly #styles = new Map<string, Style>();
  #lastFg = -1;
  #lastBg = -1;
  #lastStyle: Style | undefined;

  constructor(cols: number, rows: number) {
    this.#emulator = new Emulator(cols, rows);
  }

  get cols(): number {
    return this.#emulator.cols;
  }

  get rows(): number {
    return this.#emulator.rows;
  }

  get isAlternate(): boolean {
    return this.#emulator.isAlternate;
  }

  get cursor(): Cursor {
    const { x, y } = this.#emulator.buffer;
    const visible = !this.#emulator.core.coreService.isCursorHidden;
    return { row: y, column: Math.min(x, this.cols - 1), visible };
  }

  write(data: Uint8Array): void {
    this.#emulator.write(data);
  }

  resize(cols: number, rows: number): void {
    this.#emulator.resize(cols, rows);
  }

  /** @throws RangeError when there is no such cell. */
  cell(row: number, column: number): Cell {
    const line = this.#line(row);
    if (line === undefined || column < 0 || column >= this.cols)
      throw new RangeError(`no cell ${row}, ${column} on a screen of ${this.cols}×${this.rows}`);
    const content = line._data[column * 3] as number;
    const code = content & CODE_POINT;
    const text =
      (content & COMBINED) !== 0
        ? (line._combined[column] ?? "")
        : code === 0
          ? ""
          : String.fromCodePoint(code);
    return {
      text,
      width: ((content >>> WIDTH_SHIFT) & 3) as Cell["width"],
      style: this.#style(line, column),
    };
  }

  /** Whether this row carries on the line of the row above. */
  isWrapped(row: number): boolean {
    return this.#line(row)?.isWrapped ?? false;
  }

  /** The text of one row, blanks at its end dropped. */
  rowText(row: number): string {
    const line = this.#line(row);
    return line === undefined ? "" : cellText(line, 0, line.getTrimmedLength()).trimEnd();
  }

  /** The whole line that passes through this row, unwrapped, including what scrolled out above. */
  lineText(row: number): string {
    return logicalLine(this.#emulator.buffer, this.#emulator.buffer.ybase + row);
  }

  /** The visible screen, a line a row. */
  text(): string {
    return Array.from({ length: this.rows }, (_, row) => this.rowText(row)).join("\n");
  }

  /** The whole state, or undefined in the middle of a control sequence. */
  snapshot(): ScreenSnapshot | undefined {
    return snapshotEmulator(this.#emulator);
  }

  /** A screen in the state that was kept. */
  static from(snapshot: ScreenSnapshot): Screen {
    const screen = new Screen(snapshot.cols, snapshot.rows);
    restoreEmulator(screen.#emulator, snapshot);
    return screen;
  }

  #line(row: number): Line | undefined {
    if (row < 0 || row >= this.rows) return undefined;
    const { buffer } = this.#emulator;
    return buffer.lines.get(buffer.ybase + row);
  }

  #style(line: Line, column: number): Style {
    const fg = line._data[column * 3 + 1] as number;
    const bg = line._data[column * 3 + 2] as number;
    const underline = (bg & EXTENDED) !== 0 ? (line._extendedAttrs[column]?.underlineStyle ?? 0) : 0;
    if (underline === 0 && fg === this.#lastFg && bg === this.#lastBg && this.#lastStyle !== undefined)
      return this.#lastStyle;
    const key = `${fg},${bg},${underline}`;
    let style = this.#styles.get(key);
    if (style === undefined) {
      if (this.#styles.size > 4096) this.#styles.clear();
      style = unpackStyle(fg, bg, underline);
      this.#styles.set(key, style);
    }
    if (underline === 0) [this.#lastFg, this.#lastBg, this.#lastStyle] = [fg, bg, style];
    return style;
  }
}
