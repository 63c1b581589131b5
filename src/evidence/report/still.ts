import type { Color, Style } from "../../terminal/cell.js";
import { findText } from "../../terminal/findText.js";
import { type Mark, renderRow } from "../../terminal/renderRow.js";
import type { Screen } from "../../terminal/screen.js";
import { cells, html, type Markup } from "./html.js";

/** Collects the colours that stills use, which become rules of the page's one style sheet. */
export class StillColors {
  readonly #rules = new Map<string, string>();

  /** The class for a colour; undefined for the default, and when a hostile screen uses too many. */
  classOf(property: "color" | "background", color: Color): string | undefined {
    const value = cssColor(color);
    if (value === undefined) return undefined;
    const name = `${property === "color" ? "f" : "b"}${value.slice(1)}`;
    if (!this.#rules.has(name) && this.#rules.size >= MOST_COLORS) return undefined;
    this.#rules.set(name, `.${name}{${property}:${value}}`);
    return name;
  }

  get css(): string {
    return [...this.#rules.values()].sort().join("");
  }
}

const MOST_COLORS = 4096;

/** The screen as it is now, as text with styles. Where `flagged` stands on it, it is marked. */
export function still(screen: Screen, flagged: string | undefined, colors: StillColors): Markup {
  const marks: Mark[] =
    (flagged === undefined ? undefined : findText(screen, flagged))?.map((span) => ({
      ...span,
      kind: "flag" as const,
    })) ?? [];
  const rows = Array.from({ length: screen.rows }, (_, row) =>
    renderRow(screen, row, { marks }).map(({ text, style, mark }) => {
      const classes = classesOf(style, colors);
      if (mark === "flag") classes.push("hit");
      return classes.length === 0
        ? cells(text)
        : html`<span class="${classes.join(" ")}">${cells(text)}</span>`;
    }),
  );
  while (rows.length > 1 && (rows.at(-1) ?? []).every(({ text }) => /^ *$/.test(text))) rows.pop();
  return html`<pre class="still">${rows.map((row) => html`${row}\n`)}</pre>`;
}

function classesOf(style: Style, colors: StillColors): string[] {
  const [fg, bg] = style.inverse ? [style.bg, style.fg] : [style.fg, style.bg];
  const plainInverse = style.inverse && fg.kind === "default" && bg.kind === "default";
  return [
    colors.classOf("color", fg),
    colors.classOf("background", bg),
    plainInverse && "inv",
    style.bold && "bo",
    style.dim && "di",
    style.italic && "it",
    style.underline !== "none" && "un",
    style.strike && "st",
    style.hidden && "hi",
  ].filter((name) => typeof name === "string");
}

const BASIC = [
  "#1d1f21",
  "#cc6666",
  "#7fb347",
  "#d7a63c",
  "#5f8fd0",
  "#b07fc0",
  "#4fadaa",
  "#c5c8c6",
  "#7c7f82",
  "#ec8080",
  "#a5d36b",
  "#f0c674",
  "#81a2be",
  "#c9a0dc",
  "#8abeb7",
  "#ffffff",
] as const;

function cssColor(color: Color): string | undefined {
  if (color.kind === "default") return undefined;
  if (color.kind === "rgb") return hex(color.r, color.g, color.b);
  const { index } = color;
  if (index < 16) return BASIC[index];
  if (index >= 232)
    return hex(...([8 + 10 * (index - 232)].flatMap((v) => [v, v, v]) as [number, number, number]));
  const cube = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const place = index - 16;
  return hex(cube(Math.floor(place / 36)), cube(Math.floor(place / 6) % 6), cube(place % 6));
}

const hex = (r: number, g: number, b: number): string =>
  `#${[r, g, b].map((n) => n.toString(16).padStart(2, "0")).join("")}`;
