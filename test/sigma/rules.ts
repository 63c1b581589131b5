import type { FieldValue } from "../../src/core/ruleEvent.js";
import { parseRules } from "../../src/sigma/parse.js";
import type { RuleProblem } from "../../src/sigma/problem.js";
import { type CompileOptions, compileRules, type RuleSet } from "../../src/sigma/ruleset.js";

export type Fields = Readonly<Record<string, FieldValue>>;

/** The YAML of a rule with this detection section. */
export const ruleYaml = (detection: string, head = "title: t\nid: r"): string =>
  `${head}\nlogsource:\n  category: test\ndetection:\n${indented(detection)}\n`;

/** Any YAML, compiled, with all its problems. */
export function load(
  yaml: string,
  options: CompileOptions = {},
): { ruleset: RuleSet; problems: RuleProblem[] } {
  const parsed = parseRules(yaml, "rules.yml");
  const { ruleset, problems } = compileRules(parsed.rules, options);
  return { ruleset, problems: [...parsed.problems, ...problems] };
}

/** Whether a rule with this detection section matches; fails when the rule does not load. */
export function matches(detection: string, fields: Fields, options: CompileOptions = {}): boolean {
  const { ruleset, problems } = load(ruleYaml(detection), options);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return ruleset.match({ category: "test", fields }).length > 0;
}

/** Detection with a single selection. */
export const selection = (items: string): string => `selection:\n${indented(items)}\ncondition: selection`;

/** Why a rule with this detection section is refused. */
export const refusals = (detection: string): string[] =>
  load(ruleYaml(detection)).problems.map(({ line, column, reason }) => `${line}:${column} ${reason}`);

const indented = (text: string): string => text.replace(/^/gm, "  ");
