import type { Micros, Seq, SessionId } from "./units.js";

/** Sigma's own levels, mildest first. */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** Whether `level` is at least as grave as `floor`. */
export const atLeast = (level: Level, floor: Level): boolean =>
  LEVELS.indexOf(level) >= LEVELS.indexOf(floor);

/** How an act is known: only text on the screen; asked for (typed, or in a tool call); seen by the kernel. */
export type Confidence = "seen" | "requested" | "confirmed";

const CERTAINTY: Readonly<Record<Confidence, number>> = { seen: 0, requested: 1, confirmed: 2 };

/** Whether something is known better than something else. */
export const isSurer = (one: Confidence, other: Confidence): boolean => CERTAINTY[one] > CERTAINTY[other];

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
  /** How well this piece alone is known. Not there in flags of older catalogues: then `source` tells. */
  readonly confidence?: Confidence;
  /** What kind of act it is of: the Sigma category of the event, such as `file_access`. */
  readonly category?: string;
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

/**
 * A dangerous moment of a session: one rule that matched, with what it matched on. While a session runs, more may become
 * known of it: the same flag is then given again, under the same `id`, with more evidence. The last form counts.
 */
export interface Flag {
  readonly id: string;
  readonly session: SessionId;
  readonly rule: RuleSummary;
  readonly at: Micros;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** Of flags as they came, each in its last form, in the order in which they first came. */
export function lastForms(flags: Iterable<Flag>): readonly Flag[] {
  const forms = new Map<string, Flag>();
  for (const flag of flags) forms.set(`${flag.session} ${flag.id}`, flag);
  return [...forms.values()];
}
