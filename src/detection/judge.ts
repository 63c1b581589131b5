import type { RuleEvent } from "../core/ruleEvent.js";
import { Correlator } from "../sigma/correlate.js";
import type { MatchedValue } from "../sigma/evaluate.js";
import type { CorrelationRule, DetectionRule } from "../sigma/model.js";
import type { RulePack } from "./rulePack.js";

/** An event that a rule found. */
export interface Hit {
  readonly event: RuleEvent;
  /** On what the rule matched; empty for the steps of a chain. */
  readonly matched: readonly MatchedValue[];
}

/** A rule and what it found in one observation; for a chain, its steps in their order. */
export interface Finding {
  readonly rule: DetectionRule | CorrelationRule;
  readonly hits: readonly Hit[];
}

/** Follows events and tells what the rules find, chains of several events included. */
export class Judge {
  readonly #pack: RulePack;
  readonly #correlator: Correlator;

  constructor(pack: RulePack) {
    this.#pack = pack;
    this.#correlator = new Correlator(pack.correlations);
  }

  /** What the rules find in the events of one observation, each rule once. `at` is in microseconds. */
  judge(events: readonly RuleEvent[], at: number): readonly Finding[] {
    const found = new Map<Finding["rule"], Hit[]>();
    const { ruleset, correlations } = this.#pack;
    for (const event of events) {
      const matches = ruleset.match(event);
      if (matches.length === 0) continue;
      for (const { rule, matched } of matches) {
        if (correlations.parts.has(rule)) continue;
        const hits = found.get(rule);
        if (hits === undefined) found.set(rule, [{ event, matched }]);
        else hits.push({ event, matched });
      }
      for (const { rule, events: steps } of this.#correlator.feed(event, matches, at))
        found.set(
          rule,
          steps.map((step) => ({ event: step.event, matched: [] })),
        );
    }
    return [...found].map(([rule, hits]) => ({ rule, hits }));
  }
}
