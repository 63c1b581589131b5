import type { RuleEvent } from "../core/ruleEvent.js";
import type { Logsource } from "./model.js";

type Source = Pick<RuleEvent, "product" | "category" | "service">;

/**
 * Whether a rule is meant for an event: each of category, product and service that the rule names must be the
 * event's, whatever the case. What a rule does not name may be anything, so a rule without a product is for all.
 */
export const covers = (rule: Logsource, event: Source): boolean =>
  agrees(rule.category, event.category) &&
  agrees(rule.product, event.product) &&
  agrees(rule.service, event.service);

const agrees = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || (given !== undefined && wanted.toLowerCase() === given.toLowerCase());
