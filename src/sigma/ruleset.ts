import type { RuleEvent } from "../core/ruleEvent.js";
import { compileDetection } from "./compileDetection.js";
import { evaluate, explain, type MatchedValue } from "./evaluate.js";
import { EventView } from "./eventView.js";
import type { Expr } from "./expr.js";
import { covers } from "./logsource.js";
import type { CorrelationRule, DetectionRule, SigmaDocument } from "./model.js";
import type { Placeholders } from "./placeholder.js";
import { Problems, type RuleProblem } from "./problem.js";

export interface RuleMatch {
  readonly rule: DetectionRule;
  /** On what the rule matched; empty when it only says what must not be there. */
  readonly matched: readonly MatchedValue[];
}

export interface CompileOptions {
  /** What `%name%` stands for in values with `expand`. Rules with other placeholders are refused. */
  readonly placeholders?: Placeholders;
  /** Matches every rule against every event, whatever its log source. */
  readonly ignoreLogsource?: boolean;
}

export interface Compiled {
  readonly ruleset: RuleSet;
  readonly problems: readonly RuleProblem[];
}

interface Program {
  readonly rule: DetectionRule;
  readonly logic: Expr;
}

/** Compiles documents into what can be matched. A document that can't be compiled is refused, with its problems. */
export function compileRules(documents: readonly SigmaDocument[], options: CompileOptions = {}): Compiled {
  const problems: RuleProblem[] = [];
  const programs: Program[] = [];
  const correlations: CorrelationRule[] = [];
  for (const document of documents) {
    const found = new Problems(document.file, document.id);
    if (document.kind === "detection") {
      const logic = compileDetection(document.detection, options.placeholders ?? {}, found);
      if (logic !== undefined) programs.push({ rule: document, logic });
    } else if (document.kind === "correlation") correlations.push(document);
    problems.push(...found.list);
  }
  return { ruleset: new RuleSet(programs, correlations, options.ignoreLogsource ?? false), problems };
}

/** Compiled rules. Stateless: the same event gives the same matches. */
export class RuleSet {
  readonly #programs: readonly Program[];
  readonly #ignoreLogsource: boolean;
  readonly correlations: readonly CorrelationRule[];

  constructor(
    programs: readonly Program[],
    correlations: readonly CorrelationRule[],
    ignoreLogsource: boolean,
  ) {
    this.#programs = programs;
    this.#ignoreLogsource = ignoreLogsource;
    this.correlations = correlations;
  }

  get rules(): readonly DetectionRule[] {
    return this.#programs.map((program) => program.rule);
  }

  /** All single-event rules that match, in the order they were given. */
  match(event: RuleEvent): readonly RuleMatch[] {
    const view = new EventView(event);
    const matches: RuleMatch[] = [];
    for (const { rule, logic } of this.#programs) {
      if (!this.#ignoreLogsource && !covers(rule.logsource, event)) continue;
      if (evaluate(logic, view)) matches.push({ rule, matched: explain(logic, view) });
    }
    return matches;
  }
}
