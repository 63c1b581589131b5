import type { Level, RuleSummary } from "../core/flag.js";
import { type CompiledCorrelations, compileCorrelations } from "../sigma/compileCorrelation.js";
import type { SigmaDocument } from "../sigma/model.js";
import type { ParsedRules } from "../sigma/parse.js";
import type { RuleProblem } from "../sigma/problem.js";
import { compileRules, type RuleSet } from "../sigma/ruleset.js";

/** A file of rules. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
}

/** Rules ready to be matched, and what was wrong with the others. */
export interface RulePack {
  readonly ruleset: RuleSet;
  readonly correlations: CompiledCorrelations;
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly RuleProblem[];
}

/**
 * Compiles rules into one pack. Pure; never throws. A rule with a problem is left out, the others are kept. Documents
 * of `checked` are known to compile: their expressions are compiled when they are first needed.
 */
export function makeRulePack(
  parsed: readonly ParsedRules[],
  checked: ReadonlySet<SigmaDocument> = new Set(),
): RulePack {
  const documents = parsed.flatMap((one) => one.rules);
  const { ruleset, problems } = compileRules(documents, { checked });
  const correlations = compileCorrelations(ruleset.rules, ruleset.correlations);
  return {
    ruleset,
    correlations,
    documents,
    problems: [...parsed.flatMap((one) => one.problems), ...problems, ...correlations.problems],
  };
}

/** Sigma lets a rule have no level; such a rule is only information. */
export const levelOf = (rule: SigmaDocument): Level => rule.level ?? "informational";

/** What a flag says of a rule. Rules from elsewhere have no sentence of ours: their title stands for it. */
export function summaryOf(rule: SigmaDocument): RuleSummary {
  const { sentence } = rule.custom;
  return {
    id: rule.id,
    title: rule.title,
    level: levelOf(rule),
    tags: rule.tags,
    sentence: typeof sentence === "string" && sentence.trim() !== "" ? sentence.trim() : `${rule.title}.`,
  };
}
