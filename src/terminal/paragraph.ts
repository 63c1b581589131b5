import { hasRightSide, isIndented } from "./box.js";
import { safeWidth } from "./safeText.js";

/** Rows that are joined at most. */
const MOST = 8;

/** Programs that wrap text themselves leave up to so many cells free at the right edge. */
const MARGIN = 4;

/**
 * Joins what a program wrapped by itself: rows one below the other, each indented or in a box, where the row above
 * had no room for the first word of the row below. Whether that was one text can't be known for sure; so what is
 * joined is told besides the rows, not in place of them.
 */
export class Paragraph {
  /** The rows so far, without the sides of boxes. */
  #rows: string[] = [];
  /** The last of them as it was on the screen, and where. */
  #last = "";
  #place = Number.NaN;

  /**
   * Adds a row. `inside` is `line` without box sides; rows one below the other have places that differ by 1.
   * Returns the text joined with the rows above, when it carries them on.
   */
  add(line: string, inside: string, place: number, cols: number): string | undefined {
    const again = place === this.#place;
    const follows = place === this.#place + 1 && isIndented(line) && this.#hasNoRoomFor(line, inside, cols);
    this.#last = line;
    this.#place = place;
    // A line that the terminal wrapped is whole already.
    if (!(again ? this.#rows.length > 1 : follows) || safeWidth(line) > cols) this.#rows = [inside];
    // The same row a little later: what was told of it then was not all.
    else if (again) this.#rows[this.#rows.length - 1] = inside;
    else this.#rows = [...this.#rows.slice(1 - MOST), inside];
    return this.#rows.length > 1 ? this.#rows.map((row) => row.trim()).join(" ") : undefined;
  }

  #hasNoRoomFor(line: string, inside: string, cols: number): boolean {
    const next = inside.trimStart();
    if (next === "" || this.#last === "") return false;
    const width = safeWidth(this.#last);
    const boxed = hasRightSide(this.#last);
    if (boxed && !(hasRightSide(line) && safeWidth(line) === width)) return false;
    const end = boxed ? safeWidth(this.#last.slice(0, -1).trimEnd()) : width;
    const room = boxed ? width - 2 : cols - MARGIN;
    const space = next.indexOf(" ");
    return end <= cols && end + 1 + (space < 0 ? next.length : space) > room;
  }
}
