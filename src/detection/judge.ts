import type { RuleEvent } from "../core/ruleEvent.js";
import { type CorrelationMatch, Correlator } from "../sigma/correlate.js";
import type { MatchedValue } from "../sigma/evaluate.js";
import type { CorrelationRule, DetectionRule } from "../sigma/model.js";
import type { RuleMatch } from "../sigma/ruleset.js";
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
  /** For a chain: the rules of its steps, and the values that they have in common. */
  readonly chain?: Pick<CorrelationMatch, "events" | "group">;
}

/**
 * Told of every match of a single-event rule, be it a part of a chain only. Says whether the match is news to chains:
 * false for another word of an act that is known already.
 */
export type Witness = (rule: DetectionRule, hit: Hit) => boolean;

const NOTHING: readonly Finding[] = [];

/** Follows events and tells what the rules find, chains of several events included. */
export class Judge {
  readonly #pack: RulePack;
  readonly #correlator: Correlator;
  readonly #witness: Witness;

  constructor(pack: RulePack, witness: Witness = () => true) {
    this.#pack = pack;
    this.#correlator = new Correlator(pack.correlations);
    this.#witness = witness;
  }

  /** What the rules find in the events of one observation, each rule once. `at` is in microseconds. */
  judge(events: readonly RuleEvent[], at: number): readonly Finding[] {
    let findings: Finding[] | undefined;
    for (const event of events) {
      const matches = this.#pack.ruleset.match(event);
      if (matches.length > 0) findings = this.#take(event, matches, at, findings ?? []);
    }
    if (findings === undefined) return NOTHING;
    return [...findings.filter(({ chain }) => chain === undefined), ...findings.filter(({ chain }) => chain)];
  }

  #take(event: RuleEvent, matches: readonly RuleMatch[], at: number, findings: Finding[]): Finding[] {
    const { correlations } = this.#pack;
    const news = matches.filter(({ rule, matched }) => this.#witness(rule, { event, matched }));
    for (const { rule, matched } of matches) {
      if (correlations.parts.has(rule)) continue;
      const place = findings.findIndex((one) => one.rule === rule);
      const before = findings[place];
      if (before === undefined) findings.push({ rule, hits: [{ event, matched }] });
      else findings[place] = { ...before, hits: [...before.hits, { event, matched }] };
    }
    for (const match of this.#correlator.feed(event, news, at))
      findings.push({
        rule: match.rule,
        hits: match.events.map((step) => ({ event: step.event, matched: [] })),
        chain: match,
      });
    return findings;
  }
}
