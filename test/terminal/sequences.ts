import fc from "fast-check";

const NUMBERS = ["", "0", "1", "2", "3", "5", "10", "24", "2147483647"];
const FINALS = [..."@ABCDEFGHIJKLMPSTXZ`abcdefghlmnprstu}~q"];
const MODES = ["3", "4", "6", "7", "20", "25", "45", "47", "1047", "1048", "1049", "2026"];

const csi = fc
  .tuple(
    fc.constantFrom("", "", "", "", "?", ">", "!", "="),
    fc.array(fc.constantFrom(...NUMBERS), { maxLength: 4 }),
    fc.constantFrom("", "", "", "", "", " ", "'", '"', "$", "!", "#"),
    fc.constantFrom(...FINALS),
  )
  .map(([prefix, numbers, between, final]) => `\x1b[${prefix}${numbers.join(";")}${between}${final}`);
const mode = fc
  .tuple(fc.constantFrom(...MODES), fc.constantFrom("h", "l"))
  .map(([n, set]) => `\x1b[?${n}${set}`);
const esc = fc
  .tuple(fc.constantFrom("", "", "(", ")", "#", "%"), fc.constantFrom(..."78DEHM=>cno|}~0AB@G"))
  .map(([between, final]) => `\x1b${between}${final}`);
const others = fc.constantFrom(
  "\r",
  "\n",
  "\r\n",
  "\b",
  "\t",
  "\v",
  "\f",
  "\x0e",
  "\x0f",
  "\x07",
  "\x18",
  "\x1a",
  "\x7f",
  "\x1b]0;title\x07",
  "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\",
  "\x1b]52;c;aGk=\x07",
  "\x1bP$qm\x1b\\",
  "\x1b_x\x1b\\",
  "\u009b5n",
  "\u0090q\u009c",
  "\u202e",
  "\u200d",
  "漢字",
  "e\u0301",
  "\u0301",
  "👩‍👩‍👧",
  "🎉",
  "\ufeff",
);
const words = fc.constantFrom("a", "ab", "some words", "a line long enough to wrap around");

/** Anything that a program may send to a terminal, whole sequences at a time. */
export const hostileSequences = fc.oneof(
  { weight: 5, arbitrary: words },
  { weight: 5, arbitrary: csi },
  { weight: 2, arbitrary: others },
  mode,
  esc,
);
