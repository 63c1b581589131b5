import { displayText } from "../../core/displayText.js";

/** Markup that may stand in a page as it is. Made by `html` only, so that no recorded text becomes one. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Markup | readonly Markup[] | string | number | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The longest single text that is shown; a page is no dump. */
const LONGEST = 4000;

/** Text as it may stand between tags or in a quoted attribute. Controls and direction marks become dots. */
export const escaped = (text: string): string =>
  displayText(text, LONGEST).replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** Text of which every character is safe to show already: cells of a screen. Only markup is escaped. */
export const cells = (text: string): Markup =>
  new Markup(text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string));

/** A template whose values are text, and are escaped, unless they were made by it. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  let text = strings[0] ?? "";
  for (const [i, value] of values.entries()) text += pieceText(value) + (strings[i + 1] ?? "");
  return new Markup(text);
}

function pieceText(value: Piece): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return value.map(({ text }) => text).join("");
}

/** JSON that can stand inside a script element: nothing in it ends the element or begins another. */
export const scriptJson = (value: unknown): Markup =>
  new Markup(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
