/** The comparisons of a correlation's condition. */
export const COMPARISONS = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Limits on a count or an aggregate; all of them must hold. */
export interface CountCondition {
  readonly limits: readonly { readonly op: Comparison; readonly value: number }[];
  /** The fields that are counted, summed, averaged; empty for plain counts. */
  readonly fields: readonly string[];
  /** Which percentile is compared; undefined compares the share of the value instead. */
  readonly percentile: number | undefined;
}

/** Whether `actual` stands in the relation `op` to `limit`. */
export function compare(actual: number, op: Comparison, limit: number): boolean {
  switch (op) {
    case "gt":
      return actual > limit;
    case "gte":
      return actual >= limit;
    case "lt":
      return actual < limit;
    case "lte":
      return actual <= limit;
    case "eq":
      return actual === limit;
    case "neq":
      return actual !== limit;
  }
}

/** Whether a value keeps all limits. */
export const within = (condition: CountCondition, actual: number): boolean =>
  condition.limits.every((limit) => compare(actual, limit.op, limit.value));

/** Whether more can make the condition untrue again: such a condition may be met by a single event. */
export const hasCeiling = (condition: CountCondition): boolean =>
  condition.limits.some((limit) => limit.op !== "gt" && limit.op !== "gte");
