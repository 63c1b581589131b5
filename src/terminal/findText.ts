import type { Span } from "./renderRow.js";
import type { Screen } from "./screen.js";

const BLANK = /\s/u;
/** Vertical lines that boxes are drawn with: they stand between the pieces of a text wrapped inside one. */
const BOX = /[\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551|]/u;
const SHORTEST = 2;

/**
 * Where a text stands on the visible screen, whatever lies between its pieces: wrapped by the terminal, broken
 * and indented by the program, inside a box. Blanks and the sides of boxes are not compared. The last place is
 * taken when there are several. Undefined when it is not there, or only partly.
 */
export function findText(screen: Screen, text: string): readonly Span[] | undefined {
  const needle = squeeze(text);
  if (needle.length < SHORTEST) return undefined;
  let hay = "";
  const places: number[] = [];
  for (let row = 0; row < screen.rows; row++) {
    for (let column = 0; column < screen.cols; column++) {
      const { text: character } = screen.cell(row, column);
      if (character === "" || BLANK.test(character) || BOX.test(character)) continue;
      for (let i = 0; i < character.length; i++) places.push(row * screen.cols + column);
      hay += character;
    }
  }
  const at = hay.lastIndexOf(needle);
  return at < 0 ? undefined : spans(screen, places.slice(at, at + needle.length));
}

function squeeze(text: string): string {
  let squeezed = "";
  for (const character of text) if (!BLANK.test(character) && !BOX.test(character)) squeezed += character;
  return squeezed;
}

/** One span for each row, from its first matched cell to its last. */
function spans(screen: Screen, places: readonly number[]): Span[] {
  const found: Span[] = [];
  for (const place of places) {
    const row = Math.floor(place / screen.cols);
    const column = place % screen.cols;
    const end = column + Math.max(1, screen.cell(row, column).width);
    const last = found.at(-1);
    if (last?.row === row) found[found.length - 1] = { ...last, to: Math.max(last.to, end) };
    else found.push({ row, from: column, to: end });
  }
  return found;
}
