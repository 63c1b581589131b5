import { RESET } from "./sgr.js";

/** What the replay's own rows may hold: printable characters and SGR. The last gate before the terminal. */
const STYLED_TEXT = /\x1b\[[0-9;]*m|[^\x00-\x1f\x7f-\x9f]+/gu;
/** Anything else: a control character, or an ESC that begins no SGR. Rows without are passed at once. */
const OTHER = /[\x00-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[[0-9;]*m)/;

const BLANKS_AT_END = / +$/;

/** A row as it is sent: nothing but styled text, and no plain blanks at its end, which is erased anyway. */
const sendable = (row: string): string =>
  (OTHER.test(row) ? (row.match(STYLED_TEXT) ?? []).join("") : row).replace(BLANKS_AT_END, "");

/**
 * The alternate screen; no cursor; no wrapping, so that a row which a terminal finds wider harms no other; clicks,
 * drags and the wheel told in SGR form.
 */
const CLEAR = "\x1b[2J";
const ENTER = `\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1002h\x1b[?1006h${CLEAR}`;
const LEAVE = `${RESET}\x1b[?1006l\x1b[?1002l\x1b[?7h\x1b[?25h\x1b[?1049l`;
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";

/** Draws whole frames on a terminal, sending only the rows that changed. The one place that writes to it. */
export class FrameWriter {
  readonly #write: (data: string) => void;
  #shown: readonly string[] = [];
  #state: "fresh" | "drawing" | "left" = "fresh";

  constructor(write: (data: string) => void) {
    this.#write = write;
  }

  /** Draws a frame, the first time on a screen of its own; after `leave` nothing more. */
  draw(rows: readonly string[]): void {
    if (this.#state === "left") return;
    const enter = this.#state === "fresh" ? ENTER : "";
    this.#state = "drawing";
    let data = "";
    // Erased first: behind the last column, terminals do not agree on where the cursor is.
    rows.forEach((row, i) => {
      if (row !== this.#shown[i]) data += `\x1b[${i + 1};1H\x1b[K${sendable(row)}${RESET}`;
    });
    if (rows.length < this.#shown.length) data += `\x1b[${rows.length + 1};1H\x1b[J`;
    this.#shown = rows;
    if (data !== "") this.#write(`${enter}${BEGIN_FRAME}${data}${END_FRAME}`);
  }

  /** Clears the terminal, which changed its size; the next frame is sent whole. */
  clear(): void {
    if (this.#state !== "drawing") return;
    this.#shown = [];
    this.#write(CLEAR);
  }

  /** Takes the terminal anew: someone else had it in between. */
  reenter(): void {
    if (this.#state === "drawing") this.#state = "fresh";
    this.#shown = [];
  }

  /** What gives the terminal back; nothing when it is not taken. */
  get farewell(): string {
    return this.#state === "drawing" ? LEAVE : "";
  }

  leave(): void {
    if (this.#state === "drawing") this.#write(LEAVE);
    this.#state = "left";
  }
}
