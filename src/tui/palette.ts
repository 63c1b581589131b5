import type { Level } from "../core/flag.js";
import { type Color, PLAIN, type Style } from "../terminal/cell.js";
import { type ColorDepth, RESET, sgr } from "./sgr.js";

const palette = (index: number): Color => ({ kind: "palette", index });

/** How the parts of the replay look. Nothing is told by colour alone. */
export const LOOKS = {
  plain: PLAIN,
  dim: { ...PLAIN, dim: true },
  strong: { ...PLAIN, bold: true },
  bar: { ...PLAIN, inverse: true },
  /** A flagged text on the recorded screen. */
  flagged: { ...PLAIN, bold: true, fg: palette(0), bg: palette(11) },
  /** The same without colours. */
  flaggedPlain: { ...PLAIN, bold: true, inverse: true, underline: "single" },
  /** What a search found, on the recorded screen and on the strip. */
  hit: { ...PLAIN, bold: true, fg: palette(0), bg: palette(10) },
  hitPlain: { ...PLAIN, inverse: true, underline: "single" },
  /** What the agent said that it did. */
  said: { ...PLAIN, fg: palette(6) },
  title: { ...PLAIN, bold: true, underline: "single" },
  notShown: { ...PLAIN, italic: true, fg: palette(3) },
  critical: { ...PLAIN, bold: true, fg: palette(13) },
  high: { ...PLAIN, bold: true, fg: palette(9) },
  medium: { ...PLAIN, bold: true, fg: palette(11) },
  low: { ...PLAIN, fg: palette(14) },
  informational: { ...PLAIN, dim: true },
} satisfies Record<string, Style>;

export type Look = keyof typeof LOOKS;

/** A sign for each level, of different shapes for those who don't see colours. */
export const LEVEL_SIGN: Readonly<Record<Level, string>> = {
  critical: "◆",
  high: "▲",
  medium: "■",
  low: "●",
  informational: "○",
};

/** A piece of text and how it looks. The text must be safe already. */
export interface Piece {
  readonly text: string;
  readonly look: Look;
}

/** Pieces as one string with control sequences for their looks. */
export function paint(pieces: readonly Piece[], depth: ColorDepth): string {
  let painted = "";
  for (const { text, look } of pieces) {
    const on = sgr(LOOKS[depth === "none" && look === "hit" ? "hitPlain" : look], depth);
    painted += on === "" ? text : `${on}${text}${RESET}`;
  }
  return painted;
}
