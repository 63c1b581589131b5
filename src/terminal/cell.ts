/** A colour as the recorded program asked for it. What palette entries look like is the viewer's business. */
export type Color =
  | { readonly kind: "default" }
  | { readonly kind: "palette"; readonly index: number }
  | { readonly kind: "rgb"; readonly r: number; readonly g: number; readonly b: number };

export type Underline = "none" | "single" | "double" | "curly" | "dotted" | "dashed";

export interface Style {
  readonly fg: Color;
  readonly bg: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: Underline;
  readonly blink: boolean;
  readonly inverse: boolean;
  readonly hidden: boolean;
  readonly strike: boolean;
  readonly overline: boolean;
}

/** One cell of a screen. The second cell of a wide character has width 0 and no text. */
export interface Cell {
  /** As recorded: a character with its combining marks, or "" where nothing was written. */
  readonly text: string;
  readonly width: 0 | 1 | 2;
  readonly style: Style;
}

const DEFAULT: Color = { kind: "default" };
const PALETTE: readonly Color[] = Array.from({ length: 256 }, (_, index) => ({ kind: "palette", index }));
const UNDERLINES: readonly Underline[] = ["none", "single", "double", "curly", "dotted", "dashed"];

// The emulator's packing: colour mode in bits 24–25 (0 default, 1 and 2 palette, 3 RGB), flags above.
const MODE = 0x3000000;
const RGB = 0x3000000;
const INVERSE = 1 << 26;
const BOLD = 1 << 27;
const UNDERLINE = 1 << 28;
const BLINK = 1 << 29;
const HIDDEN = 1 << 30;
const STRIKE = 1 << 31;
const ITALIC = 1 << 26;
const DIM = 1 << 27;
const EXTENDED = 1 << 28;
const OVERLINE = 1 << 30;

function color(packed: number): Color {
  const mode = packed & MODE;
  if (mode === 0) return DEFAULT;
  if (mode !== RGB) return PALETTE[packed & 0xff] as Color;
  return { kind: "rgb", r: (packed >> 16) & 0xff, g: (packed >> 8) & 0xff, b: packed & 0xff };
}

/** Unpacks a style. `underline` is the extended underline style, which counts only when `bg` says so. */
export function unpackStyle(fg: number, bg: number, underline: number): Style {
  const extended = (bg & EXTENDED) !== 0 ? (UNDERLINES[underline] ?? "single") : "single";
  return {
    fg: color(fg),
    bg: color(bg),
    bold: (fg & BOLD) !== 0,
    dim: (bg & DIM) !== 0,
    italic: (bg & ITALIC) !== 0,
    underline: (fg & UNDERLINE) !== 0 ? extended : "none",
    blink: (fg & BLINK) !== 0,
    inverse: (fg & INVERSE) !== 0,
    hidden: (fg & HIDDEN) !== 0,
    strike: (fg & STRIKE) !== 0,
    overline: (bg & OVERLINE) !== 0,
  };
}

export const PLAIN: Style = unpackStyle(0, 0, 0);
