import type { Condition } from "./condition.js";
import { and, type Expr, not } from "./expr.js";
import type { DetectionRule, FilterRule, Logsource } from "./model.js";
import type { Problems } from "./problem.js";

/** A filter ready to be put onto rules: `keep` is what an event must fulfil beyond the rule itself. */
export interface CompiledFilter {
  readonly filter: FilterRule;
  readonly keep: Expr;
}

/**
 * How a filter's condition is meant. The specification's own filters describe what is to be suppressed
 * (`condition: selection`); pySigma, and those who write for it, say what stays (`condition: not selection`).
 * Both keep the selection away, so both are taken as they are meant. What mixes them reads two ways: refused.
 */
export function meaningOf(
  conditions: readonly Condition[],
  logic: Expr,
  filter: FilterRule,
  problems: Problems,
): Expr | undefined {
  const [condition, another] = conditions;
  if (condition === undefined) return undefined;
  if (another !== undefined) problems.add(filter.at, "a filter has one condition");
  if (!hasNot(condition)) return not(logic);
  if (onlyNots(condition)) return logic;
  problems.add(
    filter.at,
    "a filter's condition describes either what is suppressed (`selection`) or what stays (`not selection`), not both",
  );
  return undefined;
}

function hasNot(condition: Condition): boolean {
  if (condition.kind === "not") return true;
  return (condition.kind === "and" || condition.kind === "or") && condition.of.some(hasNot);
}

const onlyNots = (condition: Condition): boolean =>
  condition.kind === "not" || (condition.kind === "and" && condition.of.every(onlyNots));

/** A rule's logic with the filters that are meant for it. */
export function filtered(rule: DetectionRule, logic: Expr, filters: readonly CompiledFilter[]): Expr {
  const keep = filters.filter(({ filter }) => applies(filter, rule)).map((one) => one.keep);
  return keep.length === 0 ? logic : and([logic, ...keep]);
}

/** A filter reaches the rules it names, as far as they are for its log source. */
function applies(filter: FilterRule, rule: DetectionRule): boolean {
  if (!includes(filter.logsource, rule.logsource)) return false;
  return filter.rules === "any" || filter.rules.some(({ to }) => to === rule.id || to === rule.name);
}

const includes = (wide: Logsource, narrow: Logsource): boolean =>
  (["category", "product", "service"] as const).every(
    (key) => wide[key] === undefined || wide[key]?.toLowerCase() === narrow[key]?.toLowerCase(),
  );
