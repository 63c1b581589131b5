import type { RuleEvent } from "../core/ruleEvent.js";
import type { CaseFile, CaseStep, RuleCase } from "./caseFile.js";
import { Judge } from "./judge.js";
import { observeCommand, observeScreen, observeTyped } from "./observe.js";
import type { RulePack } from "./rulePack.js";
import { WrittenFiles } from "./shell/scope.js";

/** A case that did not come out as it says, or a rule without the cases it must have. */
export interface CaseFailure {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly reason: string;
}

export interface CaseResults {
  readonly passed: number;
  readonly failures: readonly CaseFailure[];
}

/** Every rule needs so many cases that match, and so many near misses that do not. */
const NEEDED = 2;

/**
 * Runs cases against rules: every case of a file must match, or not match, the rule that the file (or the case)
 * names. Also fails each rule of `pack` that has too few cases. Pure.
 */
export function runCases(pack: RulePack, files: readonly CaseFile[]): CaseResults {
  const failures: CaseFailure[] = [];
  const counts = new Map<string, { match: number; miss: number }>();
  const known = new Set(pack.documents.map((rule) => rule.id));
  let passed = 0;
  for (const { file, cases, problems } of files) {
    failures.push(...problems.map((problem) => ({ ...problem, rule: "" })));
    for (const one of cases) {
      const count = counts.get(one.rule) ?? { match: 0, miss: 0 };
      counts.set(one.rule, count);
      if (one.expects === "match") count.match++;
      else count.miss++;
      const reason = known.has(one.rule) ? judge(pack, one) : "there is no such rule";
      if (reason === undefined) passed++;
      else failures.push({ file, line: one.line, rule: one.rule, reason });
    }
  }
  for (const rule of pack.documents) {
    // A part of a chain is tested with the chain.
    if (rule.kind === "filter" || pack.correlations.parts.has(rule)) continue;
    const { match, miss } = counts.get(rule.id) ?? { match: 0, miss: 0 };
    if (match >= NEEDED && miss >= NEEDED) continue;
    const reason = `it has ${match} cases that must match and ${miss} that must not: it needs ${NEEDED} of each`;
    failures.push({ file: rule.file, line: rule.at.line, rule: rule.id, reason });
  }
  return { passed, failures };
}

function judge(pack: RulePack, one: RuleCase): string | undefined {
  const judge = new Judge(pack);
  const files = new WrittenFiles();
  let at = 0;
  const matches = one.steps.map((step) => {
    at += step.after;
    const events = eventsOf(step, files);
    const found = judge.judge(events, at).some((finding) => finding.rule.id === one.rule);
    // A part of a chain is not reported by itself; its cases ask whether it matches.
    return (
      found || events.some((event) => pack.ruleset.match(event).some(({ rule }) => rule.id === one.rule))
    );
  });
  if (matches.includes(true) === (one.expects === "match")) return undefined;
  return one.expects === "match"
    ? `must match, and does not: ${one.shown}`
    : `must not match, but does: ${one.shown}`;
}

function eventsOf(step: CaseStep, files: WrittenFiles): readonly RuleEvent[] {
  const context = { product: "linux", cwd: "/home/user/project", files } as const;
  switch (step.kind) {
    case "command":
      return observeCommand(step.text, context);
    case "typed":
      return observeTyped(step.text, context);
    case "screen":
      return step.text.split("\n").flatMap((line) => observeScreen(line, context));
    case "event":
      return [step.event];
  }
}
