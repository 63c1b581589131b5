import type { RuleSummary } from "../core/flag.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import type { Product } from "../detection/acts/commandEvents.js";
import type { Detectors } from "../detection/detectors.js";
import { Judge } from "../detection/judge.js";
import { observeCommand } from "../detection/observe.js";
import { summaryOf } from "../detection/rulePack.js";
import { WrittenFiles } from "../detection/shell/scope.js";

/** What the rules find in one line, each rule once. */
export type LineScan = (line: string) => readonly RuleSummary[];

/**
 * Scans shell commands, each for itself: what one does is not taken for the beginning of what the next one does.
 * `product` is the system that they are for.
 */
export function commandScan(detectors: Detectors, product: Product): LineScan {
  return (line) => {
    const events = observeCommand(line, { product, cwd: undefined, files: new WrittenFiles() });
    return new Judge(detectors).judge(events, 0).map(({ rule }) => summaryOf(rule));
  };
}

/** Scans events in their order; chains of several are found in the one that completes them. */
export function eventScan(detectors: Detectors): (event: RuleEvent, at: number) => readonly RuleSummary[] {
  const judge = new Judge(detectors);
  return (event, at) => judge.judge([event], at).map(({ rule }) => summaryOf(rule));
}
