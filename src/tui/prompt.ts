import { safeText } from "../terminal/safeText.js";
import type { Overlay } from "./overlay.js";
import type { Piece } from "./palette.js";
import { row } from "./rowText.js";

const LONGEST = 500;

/** Asks for what to search. */
export class SearchPrompt implements Overlay {
  readonly #done: (text: string) => string | undefined;
  #text: string;
  #trouble: string | undefined;

  /** `done` is told the text; what it returns is why that can't be searched, and then the prompt stays. */
  constructor(before: string, done: (text: string) => string | undefined) {
    this.#text = before;
    this.#done = done;
  }

  rows(cols: number): readonly (readonly Piece[])[] {
    const hint = "Enter searches, Esc goes back. Regular expressions are RE2's.";
    return [
      row(
        [
          {
            text: ` ${safeText(this.#trouble ?? hint)}`,
            look: this.#trouble === undefined ? "dim" : "medium",
          },
        ],
        [],
        cols,
      ),
      row(
        [
          { text: ` / ${safeText(this.#text)}`, look: "strong" },
          { text: " ", look: "bar" },
        ],
        [],
        cols,
      ),
    ];
  }

  key(name: string, text: string | undefined): boolean {
    if (name === "escape") return false;
    if (name === "enter") {
      this.#trouble = this.#done(this.#text);
      return this.#trouble !== undefined;
    }
    this.#trouble = undefined;
    if (name === "backspace") this.#text = [...this.#text].slice(0, -1).join("");
    else if (name === "ctrl+u") this.#text = "";
    else if (text !== undefined && this.#text.length < LONGEST) this.#text += text;
    return true;
  }
}
