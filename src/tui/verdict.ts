import type { Flag } from "../core/flag.js";
import { LONGEST_NOTE, type Review, VERDICTS, type Verdict } from "../core/review.js";
import { safeText, safeWidth } from "../terminal/safeText.js";
import type { Overlay } from "./overlay.js";
import type { Piece } from "./palette.js";
import { row } from "./rowText.js";
import { momentText } from "./timeText.js";

/** What a reviewer has decided. */
export interface Decision {
  /** Undefined: the whole session. */
  readonly flag: Flag | undefined;
  readonly verdict: Verdict;
  readonly note: string;
}

const MEANING: Readonly<Record<Verdict, string>> = {
  true: "it happened and matters",
  benign: "it happened and is fine",
  unsure: "it can't be said",
};

/**
 * Asks for a verdict and a sentence about it: the arrows choose, letters are the sentence, Tab goes from the flag to the
 * whole session and back, Enter decides.
 */
export class VerdictForm implements Overlay {
  readonly #flag: Flag | undefined;
  readonly #decide: (decision: Decision) => string | undefined;
  #aboutFlag: boolean;
  #verdict: Verdict;
  #note = "";
  #trouble: string | undefined;

  /** `decide` is told the verdict; what it returns is why that can't be kept, and then the form stays. */
  constructor(
    flag: Flag | undefined,
    before: Verdict | undefined,
    decide: (decision: Decision) => string | undefined,
  ) {
    this.#flag = flag;
    this.#aboutFlag = flag !== undefined;
    this.#verdict = before ?? "true";
    this.#decide = decide;
  }

  rows(cols: number): readonly (readonly Piece[])[] {
    const { rule, at } = this.#flag ?? {};
    const about =
      this.#aboutFlag && rule !== undefined && at !== undefined
        ? `the flag at ${momentText(at)}: ${rule.sentence === "" ? rule.title : rule.sentence}`
        : "the whole session";
    const choices = VERDICTS.flatMap((verdict): Piece[] => [
      {
        text: verdict === this.#verdict ? `[${verdict}]` : ` ${verdict} `,
        look: verdict === this.#verdict ? "bar" : "plain",
      },
      { text: " ", look: "plain" },
    ]);
    const keys = `←→ choose  Enter keep  ${this.#flag === undefined ? "" : "Tab flag or session  "}Esc back `;
    return [
      row([{ text: ` Verdict on ${safeText(about)}`, look: "strong" }], [], cols),
      row(
        [{ text: " ", look: "plain" }, ...choices, { text: ` ${MEANING[this.#verdict]}`, look: "dim" }],
        [{ text: keys, look: "dim" }],
        cols,
      ),
      this.#trouble === undefined
        ? row(
            [
              { text: ` why: ${this.#shownNote(cols - 8)}`, look: "plain" },
              { text: " ", look: "bar" },
            ],
            [],
            cols,
          )
        : row([{ text: ` ${safeText(this.#trouble)}`, look: "notShown" }], [], cols),
    ];
  }

  key(name: string, text: string | undefined): boolean {
    this.#trouble = undefined;
    switch (name) {
      case "escape":
        return false;
      case "enter":
        this.#trouble = this.#decide({
          flag: this.#aboutFlag ? this.#flag : undefined,
          verdict: this.#verdict,
          note: this.#note.trim(),
        });
        return this.#trouble !== undefined;
      case "left":
      case "up":
        this.#choose(-1);
        return true;
      case "right":
      case "down":
        this.#choose(1);
        return true;
      case "tab":
      case "shift+tab":
        this.#aboutFlag = this.#flag !== undefined && !this.#aboutFlag;
        return true;
      case "backspace":
        this.#note = [...this.#note].slice(0, -1).join("");
        return true;
      case "ctrl+u":
        this.#note = "";
        return true;
      default:
        if (text !== undefined && this.#note.length + text.length <= LONGEST_NOTE) this.#note += text;
        return true;
    }
  }

  #choose(by: number): void {
    const next = (VERDICTS.indexOf(this.#verdict) + by + VERDICTS.length) % VERDICTS.length;
    this.#verdict = VERDICTS[next] ?? this.#verdict;
  }

  /** The end of the sentence, where it is being written. */
  #shownNote(width: number): string {
    const safe = [...safeText(this.#note)];
    while (safe.length > 0 && safeWidth(safe.join("")) > width) safe.shift();
    return safe.join("");
  }
}

/** What was found on a flag, in a few words. Not safe for a terminal. */
export const reviewWords = ({ verdict, by, note }: Review): string =>
  `${verdict}, says ${by}${note === "" ? "" : `: ${note}`}`;
