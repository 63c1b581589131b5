import type { CoreBuffer, Line } from "./internals.js";

const CELL = 3;
const CODE_POINT = 0x1fffff;
const COMBINED = 0x200000;
const HAS_CONTENT = 0x3fffff;
const WIDTH_SHIFT = 22;
const SPACE = 0x20;

/** At most this many characters of a logical line are looked at on either side of the row in question. */
export const REACH = 8192;

/** Characters that show nothing. What is hidden between the letters of a word would keep it from being found. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A text without the characters in it that show nothing. */
export const visible = (text: string): string => text.replace(INVISIBLE, "");

const scratch = Buffer.alloc(1024);

/** The text of one row up to its last written cell, or of all its cells. */
function rowText(line: Line, whole: boolean): string {
  return cellText(line, 0, whole ? fullLength(line) : line.getTrimmedLength());
}

/** The text in some cells of a row. Wide characters fill two cells and count once. */
export function cellText(line: Line, from: number, end: number): string {
  const data = line._data;
  // Nearly every row is plain ASCII: one byte a cell.
  if (end - from <= scratch.length) {
    let column = from;
    for (; column < end; column++) {
      const code = (data[column * CELL] as number) & HAS_CONTENT;
      if (code > 0x7e) break;
      scratch[column - from] = code === 0 ? SPACE : code;
    }
    if (column === end) return scratch.toString("latin1", 0, end - from);
  }
  let text = "";
  for (let column = from; column < end; ) {
    const content = data[column * CELL] as number;
    const code = content & CODE_POINT;
    if ((content & COMBINED) !== 0) text += visible(line._combined[column] ?? " ");
    else text += code === 0 ? " " : String.fromCodePoint(code);
    column += content >>> WIDTH_SHIFT || 1;
  }
  return text;
}

/** The cells of a row that a line is wrapped out of: all, but for one left empty by a wide character. */
function fullLength(line: Line): number {
  const last = line.length - 1;
  return ((line._data[last * CELL] as number) & HAS_CONTENT) === 0
    ? Math.max(line.getTrimmedLength(), last)
    : last + 1;
}

/** Whether `next` continues `line`: wrapped, and out of a row that is still full. */
function continues(line: Line, next: Line): boolean {
  return next.isWrapped && line.getTrimmedLength() >= line.length - 1;
}

/**
 * The logical line that passes through line `index` of the buffer: rows that the terminal wrapped are joined,
 * blanks at the end dropped. No more than REACH cells on either side of that row.
 */
export function logicalLine(buffer: CoreBuffer, index: number): string {
  const { lines } = buffer;
  let line = lines.get(index);
  if (line === undefined) return "";
  const rows = Math.ceil(REACH / line.length);
  let first = index;
  while (line.isWrapped && first > 0 && index - first < rows) {
    const before = lines.get(first - 1);
    if (before === undefined || !continues(before, line)) break;
    first--;
    line = before;
  }
  let text = "";
  for (let at = first; ; at++) {
    const next = at + 1 < lines.length && at - index < rows ? lines.get(at + 1) : undefined;
    const more = next !== undefined && continues(line, next);
    text += rowText(line, more);
    if (!more) return trimEnd(text);
    line = next;
  }
}

/** The text in the cells `from` to `to` of line `index`, as far as there is any. */
export function rowPart(buffer: CoreBuffer, index: number, from: number, to: number): string {
  const line = buffer.lines.get(index);
  return line === undefined ? "" : cellText(line, Math.max(0, from), Math.min(to, line.getTrimmedLength()));
}

/** Without the spaces at the end. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end--;
  return end === text.length ? text : text.slice(0, end);
}
