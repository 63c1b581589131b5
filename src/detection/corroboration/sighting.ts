import type { Confidence, EvidenceSource } from "../../core/flag.js";
import type { Micros, Seq } from "../../core/units.js";
import type { Deed } from "../claims/deed.js";
import type { Run } from "../processes.js";

/**
 * The ways on which word of an act comes. One act comes on each way once, so that a second time is a second act; but for
 * `screen` and `result`, where the same text may be shown again at any time, and `tally`, which tells each time anew what
 * has come together so far.
 */
export type Channel =
  | "screen"
  | "result"
  | "typed"
  | "call"
  | "shell"
  | "process"
  | "file"
  | "network"
  | "tally"
  | "claim";

/** What is known of an observation besides its events. */
export interface Sighting {
  readonly source: EvidenceSource;
  readonly channel: Channel;
  readonly confidence: Confidence;
  readonly at: Micros;
  readonly seq: Seq;
  /** The program that did it, where the kernel said so. */
  readonly run?: Run | undefined;
  /** The tool call (or undeclared command) that it belongs to. */
  readonly deed?: Deed | undefined;
}

/** Whether word on this way may be of something long past. */
export const mayRepeat = (channel: Channel): boolean =>
  channel === "screen" || channel === "result" || channel === "tally";
