import type { Micros, Seq } from "./units.js";

/** Where a line of a session stood: on the screen, typed, run as a program, or said by the agent to be done. */
export type LineSource = "screen" | "typed" | "executed" | "declared";

/** One line of what a session said, for looking it up. */
export interface SessionLine {
  readonly source: LineSource;
  readonly at: Micros;
  /** The frame that completed it. */
  readonly seq: Seq;
  readonly text: string;
}
