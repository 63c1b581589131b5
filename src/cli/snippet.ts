import { displayText } from "../core/displayText.js";

/**
 * A line cut to about `width` characters around what was found in it: what is before, the hit, what is after. All three
 * are fit for a terminal.
 */
export function snippet(
  text: string,
  span: { readonly start: number; readonly end: number },
  width: number,
): readonly [before: string, hit: string, after: string] {
  const hit = displayText(text.slice(span.start, span.end), width);
  const room = Math.max(0, width - hit.length);
  const before = [...displayText(text.slice(0, span.start).trimStart(), text.length + 1)];
  const after = [...displayText(text.slice(span.end).trimEnd(), text.length + 1)];
  const least = Math.floor(room / 2);
  const left = Math.max(least, room - after.length);
  const right = Math.max(room - least, room - before.length);
  return [
    before.length > left ? `…${before.slice(before.length - left + 1).join("")}` : before.join(""),
    hit,
    after.length > right ? `${after.slice(0, Math.max(0, right - 1)).join("")}…` : after.join(""),
  ];
}
