import type { Style } from "./cell.js";
import { safeCellText } from "./safeText.js";
import type { Screen } from "./screen.js";

/** Some cells of a row: columns `from` up to, not including, `to`. */
export interface Span {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** Cells that stand out: a flagged text, what a search found, or the recorded cursor. */
export interface Mark extends Span {
  readonly kind: "flag" | "hit" | "cursor";
}

/** A run of cells of one style. `text` is safe to print (see safeText.ts) and exactly as wide as its cells. */
export interface Segment {
  readonly text: string;
  readonly style: Style;
  readonly mark: Mark["kind"] | undefined;
}

export interface RowView {
  /** The columns that are shown, by default all. */
  readonly from?: number;
  readonly to?: number;
  /** Where several cover a cell, the first counts. */
  readonly marks?: readonly Mark[];
}

/** A row of a screen as safe, styled text. Wide characters cut by the edge of the view become blanks. */
export function renderRow(screen: Screen, row: number, view: RowView = {}): readonly Segment[] {
  const from = Math.max(0, view.from ?? 0);
  const to = Math.min(screen.cols, view.to ?? screen.cols);
  const marks = (view.marks ?? []).filter((mark) => mark.row === row);
  const segments: Segment[] = [];
  let text = "";
  let style: Style | undefined;
  let mark: Mark["kind"] | undefined;
  for (let column = from; column < to; ) {
    const cell = screen.cell(row, column);
    const here = marks.find((span) => column >= span.from && column < span.to)?.kind;
    if (style !== undefined && (cell.style !== style || here !== mark)) {
      segments.push({ text, style, mark });
      text = "";
    }
    style = cell.style;
    mark = here;
    // The right half of a wide character whose left half is not shown, or a left half without room for the right.
    const whole = cell.width > 0 && column + cell.width <= to;
    text += whole ? safeCellText(cell.text, cell.width) : " ";
    column += whole ? cell.width : 1;
  }
  if (style !== undefined) segments.push({ text, style, mark });
  return segments;
}
