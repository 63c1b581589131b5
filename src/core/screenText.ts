import type { Micros, Seq } from "./units.js";

/** One logical line that became visible: unwrapped, without styling, each text once however often it is drawn. */
export interface ScreenText {
  readonly text: string;
  /** When the line was complete, and the frame that completed it. */
  readonly at: Micros;
  readonly seq: Seq;
}

/**
 * Follows a session's output and says what new text came onto the screen, be it erased again in the same breath.
 * Rows that a program wrapped by itself (indented, or in a box) are told one by one, and joined as well.
 * Pure and synchronous; its only clock is the frames'.
 */
export interface ScreenReader {
  /** Feeds one frame of output and returns the lines completed by it, and by the pause before it. */
  write(data: Uint8Array, at: Micros, seq: Seq): readonly ScreenText[];
  /** The terminal's size from here on. */
  resize(cols: number, rows: number): void;
  /**
   * The recording's clock has come to `at`: a line that stands unfinished under the cursor since more than 100 ms is
   * told. To be called for frames that are not output, so that what is told keeps its place among them.
   */
  pass(at: Micros): readonly ScreenText[];
  /**
   * The line that still stands unfinished under the cursor. To be called at the end of a session, and live when
   * there was no output for 100 ms of the recording's clock: `write` and `pass` do the same by themselves when they
   * see such a pause, so that both ways tell the same lines.
   */
  settle(): readonly ScreenText[];
}
