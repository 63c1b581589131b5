import { charWidth } from "./charWidth.js";

const TAB = 0x09;
const CR = 0x0d;
const ESC = 0x1b;
const BRACKET = 0x5b;
const SGR_FINAL = 0x6d;
const SPACE = 0x20;

/** What a byte means for a simple line: itself, something to look at, or the end of simplicity. */
const PLAIN = 0;
const LOOK = 1;
const NOT_SIMPLE = 2;
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f ? PLAIN : byte === TAB || byte === ESC || byte >= 0x80 ? LOOK : NOT_SIMPLE,
);

export const isPlain = (byte: number | undefined): boolean => byte !== undefined && CLASSES[byte] === PLAIN;

/**
 * Tells what a terminal of `cols` columns shows of lines that are written from the left edge of a blank row at the
 * bottom of its screen, as long as they are simple: printable characters with a width, SGR, and tabs left of the
 * right edge, up to the CRs at the end. Lines with wide characters are simple if they fit in one row.
 */
export class SimpleLines {
  readonly #cols: number;
  readonly #usualTabs: () => boolean;
  #scratch = Buffer.alloc(4096);
  /** How many cells the line read last goes over, blanks at its end included. */
  cells = 0;

  constructor(cols: number, usualTabs: () => boolean) {
    this.#cols = cols;
    this.#usualTabs = usualTabs;
  }

  /**
   * The unwrapped text of the line in `bytes[start, end)`, which has no LF, blanks at its end dropped. Undefined when
   * it is not simple. An `open` line is not complete, and may end in the middle of a character or SGR.
   */
  read(bytes: Buffer, start: number, end: number, open: boolean): string | undefined {
    let last = end;
    while (last > start && bytes[last - 1] === CR) last--;
    if (last === end && !open) return undefined;
    let i = start;
    while (i < last && CLASSES[bytes[i] as number] === PLAIN) i++;
    if (i < last) return this.#withStyles(bytes, start, last, open);
    this.cells = last - start;
    return bytes.toString("latin1", start, withoutBlanks(bytes, start, last));
  }

  #withStyles(bytes: Buffer, start: number, last: number, open: boolean): string | undefined {
    if (this.#scratch.length < (last - start) * 8) this.#scratch = Buffer.alloc((last - start) * 8);
    const scratch = this.#scratch;
    let length = 0;
    let column = 0;
    let wide = false;
    for (let i = start; i < last; i++) {
      const byte = bytes[i] as number;
      if (CLASSES[byte] === PLAIN) {
        scratch[length++] = byte;
        column++;
      } else if (byte >= 0x80) {
        const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        if (i + size > last && open) break;
        const width = widthOfCharacter(bytes, i, size);
        if (i + size > last || width === 0) return undefined;
        column += width;
        wide ||= width > 1;
        for (const end = i + size; i < end; i++) scratch[length++] = bytes[i] as number;
        i--;
      } else if (byte === ESC) {
        i = sgrEnd(bytes, i, last);
        if (i < 0 || (i === last && !open)) return undefined;
      } else if (byte === TAB) {
        const stop = (column | 7) + 1;
        if (stop >= this.#cols || !this.#usualTabs()) return undefined;
        for (; column < stop; column++) scratch[length++] = SPACE;
      } else return undefined;
    }
    if (wide && column > this.#cols) return undefined;
    this.cells = column;
    return scratch.toString(length === column ? "latin1" : "utf8", 0, withoutBlanks(scratch, 0, length));
  }
}

/** The cells of the UTF-8 character of `size` bytes at `i`; 0 when it has none, or is not one. */
function widthOfCharacter(bytes: Buffer, i: number, size: number): number {
  let code = (bytes[i] as number) & (0x7f >> size);
  for (let at = i + 1; at < i + size; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
    code = (code << 6) | (byte & 0x3f);
  }
  const least = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  if ((bytes[i] as number) < 0xc2 || code < least || code > 0x10ffff) return 0;
  return code >= 0xd800 && code <= 0xdfff ? 0 : charWidth(code);
}

/** Where the SGR sequence that begins at `i` ends; `last` when it is cut off there; -1 when it is none. */
function sgrEnd(bytes: Buffer, i: number, last: number): number {
  let at = i + 1;
  if (at === last) return last;
  if (bytes[at] !== BRACKET) return -1;
  for (at++; at < last; at++) {
    const byte = bytes[at] as number;
    if (byte === SGR_FINAL) return at;
    if (byte < 0x30 || byte > 0x3b) return -1;
  }
  return last;
}

function withoutBlanks(bytes: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && bytes[last - 1] === SPACE) last--;
  return last;
}
