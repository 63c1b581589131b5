import type { SessionEvent } from "../core/event.js";
import type { ScreenReader, ScreenText } from "../core/screenText.js";
import type { LineSource, SessionLine } from "../core/sessionLine.js";
import { ShownOutput } from "../core/shownOutput.js";
import type { Micros, Seq } from "../core/units.js";
import { TypedLine } from "../detection/typedLine.js";
import { createScreenReader } from "../terminal/screenReader.js";
import { observationLine } from "./observationLine.js";

/** What is kept of one line; longer ones are data, not words. */
const LONGEST = 16_384;

/**
 * What a session said, line by line: what came onto its screen, was typed, was run, and was declared. Keys typed at a
 * password prompt are not in the recording, so they can't be here.
 */
export class SessionText {
  readonly #output = new ShownOutput();
  readonly #typed = new TypedLine();
  #screen: ScreenReader | undefined;

  /** The lines that one more event completes. */
  event(event: SessionEvent): readonly SessionLine[] {
    const shown = this.#output.of(event);
    const paused = shownLines(this.#screen?.pass(event.at) ?? []);
    return [...paused, ...this.#look(event, shown)];
  }

  /** The line that stands unfinished at the end. */
  settle(): readonly SessionLine[] {
    return shownLines(this.#screen?.settle() ?? []);
  }

  #look(event: SessionEvent, shown: Uint8Array | undefined): readonly SessionLine[] {
    const { at, seq } = event;
    switch (event.kind) {
      case "open":
        this.#screen = createScreenReader(event.meta.size.cols, event.meta.size.rows);
        return [];
      case "output":
        return shownLines(this.#screen?.write(shown ?? event.data, at, seq) ?? []);
      case "resize":
        this.#screen?.resize(event.size.cols, event.size.rows);
        return [];
      case "input":
        return linesOf("typed", this.#typed.feed(event.data).join("\n"), at, seq);
      case "observation": {
        const said = observationLine(event.observation);
        return said === undefined ? [] : linesOf(said.source, said.text, event.happened ?? at, seq);
      }
      default:
        return [];
    }
  }
}

const shownLines = (lines: readonly ScreenText[]): readonly SessionLine[] =>
  lines.flatMap(({ text, at, seq }) => linesOf("screen", text, at, seq));

function linesOf(source: LineSource, text: string, at: Micros, seq: Seq): readonly SessionLine[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => ({ source, at, seq, text: line.slice(0, LONGEST) }));
}
