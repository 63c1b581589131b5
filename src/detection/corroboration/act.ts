import { type Confidence, type Evidence, type Flag, isSurer } from "../../core/flag.js";
import type { Micros } from "../../core/units.js";
import type { CorrelationRule, DetectionRule } from "../../sigma/model.js";

/** What one rule found, by whatever ways word of it came: one act, or one run of acts, and at most one flag. */
export interface Act {
  readonly rule: DetectionRule | CorrelationRule;
  /** The key that it was first known by, and how many acts of that key the rule had found before. */
  readonly primary: string;
  readonly number: number;
  readonly at: Micros;
  lastAt: Micros;
  readonly keys: Set<string>;
  /** On which way word came under which key. */
  readonly slots: Set<string>;
  confidence: Confidence;
  evidence: Evidence[];
  /** Chains that it is a step of. */
  readonly chains: Set<Act>;
  /** Of a chain: its steps, and which step each piece of evidence is of. */
  readonly steps: ReadonlySet<Act>;
  parts: readonly Act[];
  /** As it was last given out; undefined for what no flag was given of. */
  flag: Flag | undefined;
}

/** A chain is as certain as its least certain step. */
export function leastOf(all: Iterable<Confidence>): Confidence {
  let least: Confidence = "confirmed";
  for (const one of all) if (isSurer(least, one)) least = one;
  return least;
}
