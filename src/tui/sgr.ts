import type { Color, Style } from "../terminal/cell.js";

/** How many colours the reviewer's terminal shows: none, 16, 256, or all. */
export type ColorDepth = "none" | "16" | "256" | "full";

const ESC = "\x1b[";
export const RESET = `${ESC}0m`;

/** The control sequence that turns a style on, from a reset state. Only SGR, with numbers of our own making. */
export function sgr(style: Style, depth: ColorDepth): string {
  const codes: string[] = [];
  if (style.bold) codes.push("1");
  if (style.dim) codes.push("2");
  if (style.italic) codes.push("3");
  if (style.underline !== "none") codes.push("4");
  if (style.inverse) codes.push("7");
  if (style.hidden) codes.push("8");
  if (style.strike) codes.push("9");
  colorCodes(style.fg, 30, depth, codes);
  colorCodes(style.bg, 40, depth, codes);
  return codes.length === 0 ? "" : `${ESC}${codes.join(";")}m`;
}

/** `base` is 30 for the foreground, 40 for the background. */
function colorCodes(color: Color, base: 30 | 40, depth: ColorDepth, codes: string[]): void {
  if (color.kind === "default" || depth === "none") return;
  if (color.kind === "rgb" && depth === "full") {
    codes.push(`${base + 8};2;${color.r};${color.g};${color.b}`);
    return;
  }
  const index = color.kind === "palette" ? color.index : to256(color.r, color.g, color.b);
  if (index < 16 || depth === "16") {
    const basic = index < 16 ? index : to16(index);
    codes.push(String(basic < 8 ? base + basic : base + 52 + basic));
  } else codes.push(`${base + 8};5;${index}`);
}

const CUBE = [0, 95, 135, 175, 215, 255];

/** The entry of the 256 colours' cube or grey ramp that is nearest. */
function to256(r: number, g: number, b: number): number {
  const [x, y, z] = [nearest(r), nearest(g), nearest(b)];
  const grey = Math.max(0, Math.min(23, Math.round(((r + g + b) / 3 - 8) / 10)));
  const level = 8 + grey * 10;
  const off = (red: number, green: number, blue: number) =>
    (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  const cube = off(CUBE[x] as number, CUBE[y] as number, CUBE[z] as number);
  return off(level, level, level) < cube ? 232 + grey : 16 + 36 * x + 6 * y + z;
}

const nearest = (value: number): number =>
  value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40));

/** The nearest of the 16 basic colours to an entry of the cube or the grey ramp. */
function to16(index: number): number {
  if (index >= 232) return [0, 8, 7, 15][Math.floor((index - 232) / 6)] as number;
  const [r, g, b] = [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6];
  const high = Math.max(r, g, b);
  if (high === 0) return 0;
  const bit = (value: number) => (value * 2 > high ? 1 : 0);
  return (high > 3 ? 8 : 0) + bit(r) + 2 * bit(g) + 4 * bit(b);
}
