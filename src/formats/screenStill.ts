import { displayText } from "../core/displayText.js";
import type { Style } from "../terminal/cell.js";
import { type Mark, renderRow } from "../terminal/renderRow.js";
import { safeText, safeWidth } from "../terminal/safeText.js";
import type { Screen } from "../terminal/screen.js";
import { type Look, lookOf } from "./palette.js";

/** A picture of a screen to be: its rows in runs of one style each, with nothing in them but visible text. */
export interface Still {
  readonly cols: number;
  readonly rows: readonly (readonly Run[])[];
  /** One line below it. */
  readonly caption: string;
}

export interface Run extends Look {
  readonly column: number;
  /** In cells. */
  readonly width: number;
  /** As wide as its cells, spaces included. */
  readonly text: string;
  readonly style: Style;
  /** Whether it is what was flagged. */
  readonly marked: boolean;
}

/** Takes a picture of a screen. `marks`: the flagged text. */
export function takeStill(screen: Screen, caption: string, marks: readonly Mark[] = []): Still {
  const rows = Array.from({ length: screen.rows }, (_, row) => {
    let column = 0;
    return renderRow(screen, row, { marks }).map(({ text, style, mark }): Run => {
      const at = column;
      const width = safeWidth(text);
      column += width;
      const shown = style.hidden ? " ".repeat(width) : text;
      return { column: at, width, text: shown, style, marked: mark === "flag", ...lookOf(style) };
    });
  });
  return { cols: screen.cols, rows, caption: safeText(displayText(caption)) };
}

/** Text made fit for HTML and XML, in elements and in quoted attributes. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
