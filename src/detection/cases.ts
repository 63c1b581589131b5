import type { RuleEvent } from "../core/ruleEvent.js";
import { type CaseFile, type RuleCase } from "./caseFile.js";
import { observeCommand, observeScreen } from "./observe.js";
import type { RulePack } from "./rulePack.js";

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
  for (const { file, cases } of files)
    for (const one of cases) {
      const count = counts.get(one.rule) ?? { match: 0, miss: 0 };
      counts.set(one.rule, count);
      if (one.expects === "match") count.match++;
      else count.miss++;
      const reason = known.has(one.rule) ? judge(pack, one) : "there is no such rule";
      if (reason === undefined) passed++;
      else failures.push({ file, line: one.line, rule: one.rule, reason });
    }
  for (const rule of pack.documents) {
    const { match, miss } = counts.get(rule.id) ?? { match: 0, miss: 0 };
    if (match >= NEEDED && miss >= NEEDED) continue;
    const reason = `it has ${match} cases that must match and ${miss} that must not: it needs ${NEEDED} of each`;
    failures.push({ file: rule.file, line: rule.at.line, rule: rule.id, reason });
  }
  return { passed, failures };
}

function judge(pack: RulePack, one: RuleCase): string | undefined {
  const matches = eventsOf(one).some((event) => pack.ruleset.match(event).some((hit) => hit.rule.id === one.rule));
  if (matches === (one.expects === "match")) return undefined;
  return one.expects === "match" ? `must match, and does not: ${one.shown}` : `must not match, but does: ${one.shown}`;
}

function eventsOf({ given }: RuleCase): readonly RuleEvent[] {
  const context = { product: "linux", cwd: "/home/user/project" } as const;
  switch (given.kind) {
    case "command":
      return observeCommand(given.text, context);
    case "screen":
      return given.text.split("\n").flatMap((line) => observeScreen(line, context));
    case "event":
      return [given.event];
  }
}
