import type { FieldValue, RuleEvent } from "../core/ruleEvent.js";
import { textsOf } from "./eventView.js";
import type { DetectionRule } from "./model.js";

/** One event behind a correlation's match, and the rule that saw it. */
export interface Contribution {
  readonly rule: DetectionRule;
  readonly event: RuleEvent;
  /** In microseconds, as it was fed. */
  readonly at: number;
}

/** What one event brings to one group of a correlation. */
export interface Input {
  /** The place of the rule among the correlation's rules. */
  readonly index: number;
  readonly contributions: readonly Contribution[];
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A condition that holds: the value it was compared with, and the events it rests on. */
export interface Outcome {
  readonly value: number;
  readonly contributions: readonly Contribution[];
}

/** What a group remembers between events. */
export interface CorrelationState {
  /** Takes in what one event brings; says whether the condition holds now. Times never run backwards. */
  add(inputs: readonly Input[], at: number): Outcome | undefined;
  /** How many events are remembered. */
  readonly size: number;
}

/** The most events that a match lists; of more, the latest ones. */
export const MAX_LISTED = 100;

/** Contributions in the order of their times, each event and rule once, at most MAX_LISTED. */
export function listed(contributions: Iterable<Contribution>): readonly Contribution[] {
  const known = new Map<RuleEvent, Set<DetectionRule>>();
  const distinct: Contribution[] = [];
  for (const one of contributions) {
    const rules = known.get(one.event) ?? new Set();
    if (rules.has(one.rule)) continue;
    known.set(one.event, rules.add(one.rule));
    distinct.push(one);
  }
  return distinct.sort((a, b) => a.at - b.at).slice(-MAX_LISTED);
}

/** A field's value as a text to group and count by, or undefined when there is none. */
export function valueText(fields: Readonly<Record<string, FieldValue>>, field: string): string | undefined {
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(textsOf(value).raw) : String(value);
}
