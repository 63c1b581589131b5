import type { Micros, Seq, SessionId } from "./units.js";

/** Sigma's own levels, mildest first. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** Whether `level` is at least as grave as `floor`. */
export const atLeast = (level: Level, floor: Level): boolean =>
  LEVELS.indexOf(level) >= LEVELS.indexOf(floor);

/** How an act is known: only text on the screen; asked for (typed, or in a tool call); seen by the kernel. */
export type Confidence = "seen" | "requested" | "confirmed";

/** Where a piece of evidence comes from. */
export type EvidenceSource = "screen" | "typed" | "tool-call" | "process" | "file" | "network";

/** One observation behind a flag. */
export interface Evidence {
  readonly source: EvidenceSource;
  readonly at: Micros;
  /** The frame that completed the observation. */
  readonly seq: Seq;
  /** The text that matched, control characters removed, at most 500 characters. */
  readonly summary: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a flag says of the rule behind it. */
export interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** What happened, in one plain sentence for a person who is not an engineer. */
  readonly sentence: string;
}

/** A dangerous moment of a session: one rule that matched, with what it matched on. */
export interface Flag {
  readonly id: string;
  readonly session: SessionId;
  readonly rule: RuleSummary;
  readonly at: Micros;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}
