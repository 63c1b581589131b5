import type { FieldValue, RuleEvent } from "../core/ruleEvent.js";
import { AggregateState } from "./aggregate.js";
import type { CompiledCorrelation, CompiledCorrelations, Referable } from "./compileCorrelation.js";
import {
  type Contribution,
  type CorrelationState,
  type Input,
  type Outcome,
  valueText,
} from "./contribution.js";
import type { CorrelationRule, DetectionRule } from "./model.js";
import { PresenceState } from "./presence.js";
import { OrderState, ProximityState } from "./temporal.js";
import { hasCeiling } from "./threshold.js";

export interface CorrelationMatch {
  readonly rule: CorrelationRule;
  /** When the event came that completed it, in microseconds as fed. */
  readonly at: number;
  /** The values of the `group-by` fields. */
  readonly group: Readonly<Record<string, string>>;
  /** The count, sum, average or percentile that met the condition; for sequences the number of rules seen. */
  readonly value: number;
  /** The events behind it in the order they came, the latest 100 at most. */
  readonly events: readonly Contribution[];
}

/** Groups that one correlation remembers; beyond, the one untouched for longest is forgotten. */
const MAX_GROUPS = 10_000;
/** Events that one correlation remembers over all its groups, likewise. */
const MAX_REMEMBERED = 200_000;

interface Group {
  readonly values: Readonly<Record<string, string>>;
  /** What has not been reported yet. */
  fresh: CorrelationState;
  /** Everything, reported or not: what outer sequences are told of. */
  readonly standing: CorrelationState | undefined;
  reportedAt: number | undefined;
}

/** What came of one rule with the present event. */
interface Happened {
  readonly contributions: readonly Contribution[];
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/**
 * Follows events and tells which correlation rules they complete. The condition is looked at whenever an event
 * counts, over the timespan that ends with it. The events behind a reported match count no further in their
 * group, so that a flood gives a match each time it fills the condition anew; a condition that a single event
 * can meet (an average, an upper limit) is reported once a timespan. Memory is bounded.
 */
export class Correlator {
  readonly #runs: readonly CorrelationRun[];
  readonly #wanted: ReadonlySet<Referable>;
  #now = Number.NEGATIVE_INFINITY;

  constructor({ correlations, parts }: CompiledCorrelations) {
    const chained = new Set(correlations.flatMap(({ inputs }) => inputs));
    this.#runs = correlations.map(
      (one) => new CorrelationRun(one, chained.has(one.rule), !parts.has(one.rule)),
    );
    this.#wanted = chained;
  }

  /**
   * Takes in one event and the single-event rules that matched it. `at` is its time in microseconds; a time
   * before the latest one counts as the latest.
   */
  feed(
    event: RuleEvent,
    matches: readonly { readonly rule: DetectionRule }[],
    at: number,
  ): readonly CorrelationMatch[] {
    this.#now = Math.max(this.#now, at);
    const happened = new Map<Referable, Happened>();
    for (const { rule } of matches)
      if (this.#wanted.has(rule))
        happened.set(rule, { contributions: [{ rule, event, at: this.#now }], fields: event.fields });
    if (happened.size === 0) return [];
    const standing = new Map(happened);
    return this.#runs.flatMap((run) => run.feed(happened, standing, this.#now));
  }
}

/** One correlation rule at work. */
class CorrelationRun {
  readonly #compiled: CompiledCorrelation;
  readonly #chained: boolean;
  readonly #reported: boolean;
  readonly #once: boolean;
  readonly #groups = new Map<string, Group>();
  #remembered = 0;

  constructor(compiled: CompiledCorrelation, chained: boolean, reported: boolean) {
    const { type, condition } = compiled.rule.correlation;
    this.#compiled = compiled;
    this.#chained = chained;
    this.#reported = reported;
    this.#once =
      type === "value_avg" ||
      type === "value_percentile" ||
      (condition.kind === "count" ? hasCeiling(condition.count) : true);
  }

  /** `happened` is extended by what this rule reports, `standing` by what holds of it. */
  feed(
    happened: Map<Referable, Happened>,
    standing: Map<Referable, Happened>,
    at: number,
  ): readonly CorrelationMatch[] {
    const { rule, inputs } = this.#compiled;
    const source = rule.correlation.type.startsWith("temporal") ? standing : happened;
    const brought = new Map<string, { group: Group; inputs: Input[] }>();
    for (const [index, input] of inputs.entries()) {
      const one = source.get(input);
      if (one === undefined) continue;
      const values = this.#groupValues(one.fields, index);
      if (values === undefined) continue;
      const key = JSON.stringify(Object.values(values));
      const entry = brought.get(key) ?? { group: this.#group(key, values), inputs: [] };
      entry.inputs.push({ index, ...one });
      brought.set(key, entry);
    }
    const matches: CorrelationMatch[] = [];
    for (const { group, inputs: given } of brought.values()) {
      const size = sizeOf(group);
      const outcome = this.#advance(group, given, at);
      const holding = group.standing?.add(given, at);
      this.#remembered += sizeOf(group) - size;
      const fields = { ...given.at(-1)?.fields, ...group.values };
      if (holding !== undefined) standing.set(rule, { contributions: holding.contributions, fields });
      if (outcome === undefined) continue;
      happened.set(rule, { contributions: outcome.contributions, fields });
      if (this.#reported)
        matches.push({ rule, at, group: group.values, value: outcome.value, events: outcome.contributions });
    }
    this.#forget();
    return matches;
  }

  #advance(group: Group, inputs: readonly Input[], at: number): Outcome | undefined {
    const outcome = group.fresh.add(inputs, at);
    if (outcome === undefined) return undefined;
    const { timespan } = this.#compiled.rule.correlation;
    if (!this.#once) group.fresh = this.#newState();
    else if (group.reportedAt !== undefined && at - group.reportedAt < timespan) return undefined;
    group.reportedAt = at;
    return outcome;
  }

  /** An event that lacks one of the fields belongs to no group. */
  #groupValues(
    fields: Readonly<Record<string, FieldValue>>,
    index: number,
  ): Readonly<Record<string, string>> | undefined {
    const values: [string, string][] = [];
    for (const [place, name] of this.#compiled.rule.correlation.groupBy.entries()) {
      const field = this.#compiled.groupFields[place]?.[index] ?? name;
      const value = valueText(fields, field);
      if (value === undefined) return undefined;
      values.push([name, value]);
    }
    return Object.fromEntries(values);
  }

  #group(key: string, values: Readonly<Record<string, string>>): Group {
    const known = this.#groups.get(key);
    if (known !== undefined) {
      this.#groups.delete(key);
      this.#groups.set(key, known);
      return known;
    }
    const standing = this.#chained ? this.#newState() : undefined;
    const group: Group = { values, fresh: this.#newState(), standing, reportedAt: undefined };
    this.#groups.set(key, group);
    return group;
  }

  #forget(): void {
    for (const [key, group] of this.#groups) {
      if (this.#groups.size <= MAX_GROUPS && (this.#remembered <= MAX_REMEMBERED || this.#groups.size === 1))
        return;
      this.#remembered -= sizeOf(group);
      this.#groups.delete(key);
    }
  }

  #newState(): CorrelationState {
    const { type, condition, timespan } = this.#compiled.rule.correlation;
    const { inputs, inputOf } = this.#compiled;
    if (condition.kind === "presence")
      return new PresenceState(condition.condition, inputOf, timespan, type === "temporal_ordered");
    if (type === "temporal") return new ProximityState(condition.count, timespan);
    if (type === "temporal_ordered") return new OrderState(condition.count, timespan, inputs.length);
    return new AggregateState(type, condition.count, timespan);
  }
}

const sizeOf = (group: Group): number => group.fresh.size + (group.standing?.size ?? 0);
