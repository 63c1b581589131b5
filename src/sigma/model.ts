import type { Level } from "../core/flag.js";
import type { Condition } from "./condition.js";
import type { Place } from "./problem.js";
import type { CountCondition } from "./threshold.js";

/** What a rule says of the log it is meant for. At least one of the first three is given. */
export interface Logsource {
  readonly category: string | undefined;
  readonly product: string | undefined;
  readonly service: string | undefined;
  /** For readers only; never evaluated. */
  readonly definition: string | undefined;
}

export const STATUSES = ["stable", "test", "experimental", "deprecated", "unsupported"] as const;
export type Status = (typeof STATUSES)[number];

/** What every Sigma document carries. */
export interface Metadata {
  readonly file: string;
  readonly at: Place;
  /** The document's `id`; without one its `name`, and without that its title. */
  readonly id: string;
  readonly name: string | undefined;
  readonly title: string;
  readonly description: string | undefined;
  readonly status: Status | undefined;
  readonly level: Level | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly modified: string | undefined;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  /** Top-level keys that Sigma does not define, as plain values (`sentence`, …). */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** A rule about single events. */
export interface DetectionRule extends Metadata {
  readonly kind: "detection";
  readonly logsource: Logsource;
  readonly detection: Detection;
}

/** A rule about several events: counts, sums, sequences. */
export interface CorrelationRule extends Metadata {
  readonly kind: "correlation";
  readonly correlation: Correlation;
}

/** A document that narrows other rules, to keep known false positives out. */
export interface FilterRule extends Metadata {
  readonly kind: "filter";
  readonly logsource: Logsource;
  /** Ids, names or titles of the rules it narrows, or all of its log source. */
  readonly rules: "any" | readonly Reference[];
  readonly detection: Detection;
}

export type SigmaDocument = DetectionRule | CorrelationRule | FilterRule;

/** A rule named by another one. */
export interface Reference {
  readonly to: string;
  readonly at: Place;
}

/** Named searches, and the conditions over them; several conditions are alternatives. */
export interface Detection {
  readonly searches: ReadonlyMap<string, Search>;
  readonly conditions: readonly Condition[];
}

/** What one search identifier holds: maps (all), lists (any), and the items in them. */
export type Search =
  | { readonly kind: "all" | "any"; readonly of: readonly Search[] }
  | { readonly kind: "item"; readonly item: SearchItem };

/** `Field|modifier|…: values`; without a field it is a keyword, looked for everywhere. */
export interface SearchItem {
  readonly field: string | undefined;
  readonly modifiers: readonly string[];
  readonly values: readonly SearchValue[];
  readonly at: Place;
}

export interface SearchValue {
  readonly value: string | number | boolean | null;
  readonly source: string;
  readonly at: Place;
}

export const CORRELATION_TYPES = [
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export interface Correlation {
  readonly type: CorrelationType;
  readonly rules: readonly Reference[];
  readonly groupBy: readonly string[];
  /** In microseconds. */
  readonly timespan: number;
  readonly aliases: readonly Alias[];
  readonly condition: CorrelationCondition;
  /** Whether the rules it refers to are reported by themselves as well. */
  readonly generate: boolean;
  readonly at: Place;
}

/** One name for fields that are called differently in the events of different rules. */
export interface Alias {
  readonly name: string;
  readonly fields: readonly { readonly rule: Reference; readonly field: string }[];
}

export type CorrelationCondition =
  | { readonly kind: "count"; readonly count: CountCondition }
  /** Only for `temporal` and `temporal_ordered`: which of the rules must have been seen. */
  | { readonly kind: "presence"; readonly condition: Condition };
