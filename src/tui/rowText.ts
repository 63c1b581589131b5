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
