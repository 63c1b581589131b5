import { charWidth } from "./charWidth.js";

/**
 * What may pass from a recording to a reviewer's terminal, character by character. Allowed are letters, digits,
 * punctuation, symbols, emoji and private-use glyphs, each with at most four combining marks, and the space
 * U+0020. Everything else is replaced:
 *
 * | recorded | shown as |
 * |---|---|
 * | controls: U+0000–001F, U+007F, U+0080–009F | U+FFFD |
 * | bidi controls: U+061C, 200E, 200F, 202A–202E, 2066–2069 | nothing |
 * | zero-width and other format characters: U+200B–200D, 2060–2064, FEFF, FFF9–FFFB, … | nothing |
 * | variation selectors, tag characters (U+E0000–E0FFF) and all that is ignorable by default | nothing |
 * | spaces other than U+0020, line and paragraph separators, fillers, U+00AD | as many U+0020 as they are wide |
 * | surrogates, non-characters, code points that no Unicode version known here assigns | U+FFFD |
 * | combining marks beyond the fourth of a character | nothing |
 *
 * What is left holds no byte that a terminal acts on, and is as wide as `charWidth` says.
 */
const PASSES = /^[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Mc}]$/u;
const MARK = /^[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
const BLANK = /^[\p{Z}\u00ad\u115f\u3164\uffa0]$/u;
const IGNORABLE = /^[\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const MAX_MARKS = 4;
const REPLACEMENT = "\ufffd";

/** Only printable ASCII: nearly all there is. */
const PLAIN = /^[ -~]*$/;

/** A single character as it may be shown: "" when it takes no cell. */
function safeCharacter(character: string): string {
  const width = charWidth(character.codePointAt(0) ?? 0);
  if (BLANK.test(character)) return " ".repeat(width);
  if (IGNORABLE.test(character)) return "";
  return PASSES.test(character) ? character : REPLACEMENT;
}

/** A text made safe to print in one row; line breaks and tabs become spaces. */
export function safeText(text: string): string {
  if (PLAIN.test(text)) return text;
  let safe = "";
  let marks = MAX_MARKS;
  for (const character of text) {
    if (character >= " " && character <= "~") {
      safe += character;
      marks = 0;
    } else if (character === "\t" || character === "\n" || character === "\r") {
      safe += " ";
      marks = MAX_MARKS;
    } else if (MARK.test(character) && !IGNORABLE.test(character)) {
      if (marks++ < MAX_MARKS) safe += character;
    } else {
      const shown = safeCharacter(character);
      safe += shown;
      if (shown !== "") marks = shown === character ? 0 : MAX_MARKS;
    }
  }
  return safe;
}

/** The text of a cell made safe, exactly as wide as the cell. */
export function safeCellText(text: string, width: number): string {
  if (text.length === 1 && text >= " " && text <= "~") return text;
  if (text === "") return " ".repeat(width);
  const safe = safeText(text);
  const shown = safe === "" ? " " : safe;
  return shown + " ".repeat(Math.max(0, width - safeWidth(shown)));
}

/** How many cells a text made safe takes. */
export function safeWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += charWidth(character.codePointAt(0) ?? 0);
  return width;
}
