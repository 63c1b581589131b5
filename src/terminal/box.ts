/** Vertical lines of boxes: light, heavy, dashed, double, half and eighth blocks. */
const SIDES = "\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551\u2588\u258c\u258f\u2590\u2595";
const SIDE = new RegExp(`^ *[${SIDES}] ?| *[${SIDES}] *$`, "gu");
const PIPE = 0x7c;
const SPACE = 0x20;
const FIRST_SIDE = 0x2502;

/** Takes the sides of a box that is drawn around a line away; `|` only when it stands at both ends. */
export function unboxed(line: string): string {
  let at = 0;
  while (line.charCodeAt(at) === SPACE) at++;
  const first = line.charCodeAt(at);
  const last = line.charCodeAt(line.length - 1);
  if (first === PIPE && last === PIPE && line.length > at + 1) return line.slice(at + 1, -1).trim();
  if (!(first >= FIRST_SIDE || last >= FIRST_SIDE)) return line;
  const inside = line.replace(SIDE, "");
  return inside === line ? line : inside.trimEnd();
}

/** Whether the right side of a box closes a line. */
export function hasRightSide(line: string): boolean {
  const last = line.at(-1) ?? "";
  return last === "|" ? line.trimStart().startsWith("|") : last !== "" && SIDES.includes(last);
}

/** Whether a line begins with blanks or the side of a box. */
export function isIndented(line: string): boolean {
  const first = line.charAt(0);
  return first === " " || first === "|" || (first !== "" && SIDES.includes(first));
}
