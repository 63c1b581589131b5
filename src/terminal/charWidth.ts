import { eastAsianWidth } from "get-east-asian-width";

const TABLE_END = 0x20000;
const UNKNOWN = 255;
const table = new Uint8Array(TABLE_END).fill(UNKNOWN);

/** Fillers that are ignorable by name, but that terminals give a cell. */
const FILLERS = new Set([0xad, 0x115f, 0x3164, 0xffa0]);
const NO_CELL =
  /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Format}\p{Control}\p{Default_Ignorable_Code_Point}]/u;

/**
 * How many cells a terminal gives a code point: 0 (combining, control, invisible), 1 or 2 (wide characters and
 * emoji). As the terminals of today do it, by the newest Unicode; the emulator's own table is from 2010 and
 * gives emoji one cell.
 */
export function charWidth(code: number): 0 | 1 | 2 {
  if (code >= 0x20 && code < 0x7f) return 1;
  if (code >= TABLE_END) return measure(code);
  const known = table[code] as number;
  if (known !== UNKNOWN) return known as 0 | 1 | 2;
  const width = measure(code);
  table[code] = width;
  return width;
}

function measure(code: number): 0 | 1 | 2 {
  if (code >= 0xe0000 && code <= 0xe0fff) return 0;
  if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff)) return 0;
  if (code >= 0xd800 && code <= 0xdfff) return 1;
  if (!FILLERS.has(code) && NO_CELL.test(String.fromCodePoint(code))) return 0;
  return eastAsianWidth(code) === 2 ? 2 : 1;
}

/** The emulator's packed form of a character's properties: three bits, and room for a state that is not used. */
const pack = (width: number, joins: boolean): number => (width << 1) | (joins ? 1 : 0);
const widthOf = (packed: number): number => (packed >> 1) & 3;

/** `charWidth` in the form in which @xterm/headless takes such tables. */
export const widthProvider = {
  version: "bodycam",
  wcwidth: charWidth,
  charProperties(code: number, before: number): number {
    const width = charWidth(code);
    if (width > 0 || before === 0) return pack(width, false);
    const carrier = widthOf(before);
    return carrier === 0 ? pack(0, false) : pack(carrier, true);
  },
};
