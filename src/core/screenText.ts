import type { Micros, Seq } from "./units.js";

/** One logical line that became visible: unwrapped, without styling, each text once however often it is drawn. */
export interface ScreenText {
  readonly text: string;
  /** When the line was complete, and the frame that completed it. */
  readonly at: Micros;
  readonly seq: Seq;
}

/** Follows a session's output and says what new text came onto the screen. Pure: its only clock is the frames'. */
export interface ScreenReader {
  /** Feeds output bytes; resolves with the lines completed by them. */
  write(data: Uint8Array, at: Micros, seq: Seq): Promise<readonly ScreenText[]>;
  resize(cols: number, rows: number): void;
  /** What still stands unfinished on the screen (the tail of a session, or of a quiet moment). */
  settle(): Promise<readonly ScreenText[]>;
}
