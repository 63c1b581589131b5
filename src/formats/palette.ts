import type { Color, Style } from "../terminal/cell.js";

/** How a style looks: `#rrggbb`, and undefined for the screen's own background. */
export interface Look {
  readonly fg: string;
  readonly bg: string | undefined;
}

export const FOREGROUND = "#d8d8d8";
export const BACKGROUND = "#16181d";

/** The sixteen colours that terminals choose themselves: dark, then bright. */
const SIXTEEN = [
  "#3b4048",
  "#e06c75",
  "#98c379",
  "#e5c07b",
  "#61afef",
  "#c678dd",
  "#56b6c2",
  "#c8ccd4",
  "#6b7280",
  "#ff7b86",
  "#b5e890",
  "#ffd58a",
  "#82c4ff",
  "#dc9bf0",
  "#74d6e2",
  "#ffffff",
] as const;

const hex = (...parts: readonly number[]): string =>
  `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** xterm's palette: sixteen, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): string {
  if (index < 16) return SIXTEEN[index] ?? FOREGROUND;
  if (index >= 232) return hex(...[0, 0, 0].map(() => 8 + (index - 232) * 10));
  const level = (n: number): number => (n === 0 ? 0 : 55 + n * 40);
  const cube = index - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function css(color: Color): string | undefined {
  switch (color.kind) {
    case "default":
      return undefined;
    case "palette":
      return paletteColor(color.index);
    case "rgb":
      return hex(color.r, color.g, color.b);
  }
}

/** The colours of a style: bold makes the eight dark ones bright, as terminals do. */
export function lookOf(style: Style): Look {
  const { fg } = style;
  const bright = style.bold && fg.kind === "palette" && fg.index < 8;
  const front = css(bright ? { kind: "palette", index: fg.index + 8 } : fg);
  const back = css(style.bg);
  if (style.inverse) return { fg: back ?? BACKGROUND, bg: front ?? FOREGROUND };
  return { fg: front ?? FOREGROUND, bg: back };
}
