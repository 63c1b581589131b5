import { displayText } from "../core/displayText.js";
import type { Level } from "../core/flag.js";

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan" | "magenta";

const CODES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  magenta: 35,
  cyan: 36,
};

/** Text for people: the only place that decides on colour (https://no-color.org, and whether a terminal listens). */
export class Painter {
  readonly #on: boolean;

  constructor(
    stream: { readonly isTTY?: boolean },
    env: Readonly<Record<string, string | undefined>> = process.env,
  ) {
    this.#on = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  }

  paint(text: string, ...styles: readonly Style[]): string {
    if (!this.#on || styles.length === 0) return text;
    return `\x1b[${styles.map((style) => CODES[style]).join(";")}m${text}\x1b[0m`;
  }

  /** A level's name in its colour; also told apart by its word, never by colour alone. */
  level(level: Level): string {
    return this.paint(level, ...LEVEL_STYLES[level]);
  }
}

const LEVEL_STYLES: Readonly<Record<Level, readonly Style[]>> = {
  critical: ["bold", "magenta"],
  high: ["bold", "red"],
  medium: ["yellow"],
  low: ["cyan"],
  informational: ["dim"],
};

/** Rows in columns, two spaces apart; `cells` must be free of colour, `paint` puts it on afterwards. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number, row: number) => string,
): string {
  const all = [head, ...rows].map((row) => row.map((cell) => displayText(cell, 200)));
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? "")].length)));
  return all
    .map((row, at) =>
      row
        .map((cell, column) => {
          const padding =
            column === row.length - 1 ? "" : " ".repeat((widths[column] ?? 0) - [...cell].length);
          return paint(cell, column, at - 1) + padding;
        })
        .join("  "),
    )
    .join("\n");
}
