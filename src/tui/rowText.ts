import { charWidth } from "../terminal/charWidth.js";
import { safeWidth } from "../terminal/safeText.js";
import type { Piece } from "./palette.js";

/** A safe text cut to at most so many cells, with … where something was cut off. */
export function shorten(text: string, width: number): string {
  if (safeWidth(text) <= width) return text;
  if (width < 1) return "";
  let fitted = "";
  let used = 0;
  for (const character of text) {
    const wide = charWidth(character.codePointAt(0) ?? 0);
    if (used + wide > width - 1) break;
    fitted += character;
    used += wide;
  }
  return `${fitted}…`;
}

const widthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { text }) => sum + safeWidth(text), 0);

/** One row of exactly `width` cells: `left` from the left as far as there is room, `right` at the right end. */
export function row(left: readonly Piece[], right: readonly Piece[], width: number): readonly Piece[] {
  const end = widthOf(right) + 1 < width ? right : [];
  const room = width - widthOf(end) - (end.length > 0 ? 1 : 0);
  const pieces: Piece[] = [];
  let used = 0;
  for (const piece of left) {
    const text = shorten(piece.text, room - used);
    if (text !== "") pieces.push({ ...piece, text });
    used += safeWidth(text);
    if (text !== piece.text) break;
  }
  const gap = width - used - widthOf(end);
  if (gap > 0) pieces.push({ text: " ".repeat(gap), look: (end[0] ?? left.at(-1))?.look ?? "plain" });
  return [...pieces, ...end];
}

/** A safe text in rows of at most so many cells, broken at blanks where that is possible; at most `most` rows. */
export function wrap(text: string, width: number, most = 40): readonly string[] {
  const rows: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    let rest = word;
    if (line !== "" && safeWidth(line) + 1 + safeWidth(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") rows.push(line);
    while (safeWidth(rest) > width && rows.length < most) {
      const piece = shorten(rest, width + 1).slice(0, -1);
      if (piece === "") break;
      rows.push(piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
    if (rows.length >= most) break;
  }
  if (line !== "" && rows.length < most) rows.push(shorten(line, width));
  return rows;
}
