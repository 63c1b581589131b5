import { visible } from "./logicalLine.js";
import type { Span } from "./renderRow.js";
import type { Screen } from "./screen.js";

/** Blanks, and the vertical lines that boxes are drawn with: they may stand between the pieces of a text. */
const BETWEEN = /[\s\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551|]+/gu;
const SHORTEST = 2;

/**
 * Where a text stands on the visible screen, whatever lies between its pieces: wrapped by the terminal, broken
 * and indented by the program, inside a box. Blanks and the sides of boxes are not compared. The last place is
 * taken when there are several. Undefined when it is not there, or only partly.
 */
export function findText(screen: Screen, text: string): readonly Span[] | undefined {
  const needle = text.replace(BETWEEN, "");
  if (needle.length < SHORTEST) return undefined;
  const rows = Array.from({ length: screen.rows }, (_, row) => screen.rowText(row).replace(BETWEEN, ""));
  const start = rows.join("").lastIndexOf(needle);
  return start < 0 ? undefined : spans(screen, rows, start, start + needle.length);
}

/** One span for each row, from its first matched cell to its last. `start` and `end` count compared characters. */
function spans(screen: Screen, rows: readonly string[], start: number, end: number): Span[] {
  const found: Span[] = [];
  let passed = 0;
  rows.forEach(({ length }, row) => {
    if (passed + length > start && passed < end) found.push(span(screen, row, start - passed, end - passed));
    passed += length;
  });
  return found;
}

function span(screen: Screen, row: number, start: number, end: number): Span {
  let [from, to] = [screen.cols, 0];
  let passed = 0;
  for (let column = 0; column < screen.cols && passed < end; column++) {
    const { text, width } = screen.cell(row, column);
    const { length } = visible(text).replace(BETWEEN, "");
    if (length === 0) continue;
    if (passed + length > start) {
      from = Math.min(from, column);
      to = column + Math.max(1, width);
    }
    passed += length;
  }
  return { row, from, to };
}
