import type { Flag } from "../core/flag.js";
import type { Micros } from "../core/units.js";
import type { Piece } from "./palette.js";

/** Something that takes the place of the rows below the recorded screen, and the keys, until it is closed. */
export interface Overlay {
  /** Its rows, for a terminal so wide; each made with `row`, of safe text only. */
  rows(cols: number): readonly (readonly Piece[])[];
  /** A key by its name, and the character that it writes, if any. Returns whether the overlay stays open. */
  key(name: string, text: string | undefined): boolean;
}

/** What others add to the replay. */
export interface ReplayHooks {
  /** Asks for a verdict on a flag, or on the session where there is none. Undefined: nothing to ask now. */
  verdict?(about: { readonly flag: Flag | undefined; readonly at: Micros }): Overlay | undefined;
  /** What was found on a flag so far, in a few words. */
  verdictText?(flag: Flag): string | undefined;
}
