import type { RuleEvent } from "../core/ruleEvent.js";
import type { SigmaDocument } from "../sigma/model.js";
import { plainValue, readYaml, type YamlMap, type YamlNode } from "../sigma/yamlTree.js";
import type { RuleText } from "./rulePack.js";

/** One thing that happens in a case. */
export type CaseStep =
  /** A command for a shell. */
  | { readonly kind: "command"; readonly text: string; readonly after: number }
  /** Lines of the screen. */
  | { readonly kind: "screen"; readonly text: string; readonly after: number }
  /** What a person types and enters. */
  | { readonly kind: "typed"; readonly text: string; readonly after: number }
  | { readonly kind: "event"; readonly event: RuleEvent; readonly after: number };

/** What a rule must find, or must leave alone. */
export interface RuleCase {
  readonly rule: string;
  readonly expects: "match" | "miss";
  readonly steps: readonly CaseStep[];
  readonly line: number;
  /** The case in short, for messages. */
  readonly shown: string;
}

export interface CaseFile {
  readonly file: string;
  readonly cases: readonly RuleCase[];
  readonly problems: readonly CaseProblem[];
}

export interface CaseProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

const ENDING = /\.cases\.ya?ml$/;
/** How much time passes between the steps of a case that does not say so, in microseconds. */
const BETWEEN = 1_000_000;

/**
 * Reads a file of cases (see docs/detectors.md). Cases belong to the rule that their document names, or to the one
 * rule of the file beside it. Pure; never throws: what is wrong is in `problems`.
 */
export function readCases({ file, text }: RuleText, rules: readonly SigmaDocument[]): CaseFile {
  const beside = file.replace(ENDING, "");
  const own = rules.filter((rule) => rule.file.replace(/\.ya?ml$/, "") === beside);
  const cases: RuleCase[] = [];
  const problems: CaseProblem[] = [];
  const fail = (line: number, reason: string): void => void problems.push({ file, line, reason });
  for (const { root, problems: faults } of readYaml(text)) {
    for (const fault of faults) fail(fault.at.line, fault.reason);
    if (root === undefined) continue;
    if (root.kind !== "map") {
      fail(root.at.line, "a document of cases must be a map with `match` and `miss`");
      continue;
    }
    const named = textAt(root, "rule");
    const rule = named ?? (own.length === 1 ? own[0]?.id : undefined);
    if (rule === undefined) {
      fail(
        root.at.line,
        own.length === 0 ? "there is no rule beside these cases" : "`rule` must say which rule is meant",
      );
      continue;
    }
    for (const { key, value, keyAt } of root.entries) {
      if (key === "rule") continue;
      if (key !== "match" && key !== "miss")
        fail(keyAt.line, `\`${key}\` is not one of rule, match and miss`);
      else if (value.kind !== "list") fail(keyAt.line, `\`${key}\` must be a list`);
      else
        for (const item of value.items) {
          const steps = readSteps(item, fail);
          if (steps !== undefined)
            cases.push({
              rule,
              expects: key,
              steps,
              line: item.at.line,
              shown: steps.map(stepText).join(" ⏎ "),
            });
        }
    }
  }
  return { file, cases, problems };
}

const stepText = (step: CaseStep): string => (step.kind === "event" ? JSON.stringify(step.event) : step.text);

type Fail = (line: number, reason: string) => void;

/** A case is a command, a map with one kind of observation, or a map `session` with a list of them. */
function readSteps(item: YamlNode, fail: Fail): readonly CaseStep[] | undefined {
  if (item.kind === "map") {
    const session = item.entries.find((entry) => entry.key === "session")?.value;
    if (session?.kind === "list") {
      const steps = session.items.map((one) => readStep(one, fail));
      return steps.every((step) => step !== undefined) ? steps : undefined;
    }
  }
  const step = readStep(item, fail);
  return step === undefined ? undefined : [step];
}

function readStep(item: YamlNode, fail: Fail): CaseStep | undefined {
  if (item.kind === "scalar" && typeof item.value === "string")
    return { kind: "command", text: item.value, after: BETWEEN };
  if (item.kind !== "map") {
    fail(item.at.line, "a case is a command, or a map with command, screen, typed, event or session");
    return undefined;
  }
  const after = secondsAt(item);
  for (const kind of ["command", "screen", "typed"] as const) {
    const text = textAt(item, kind);
    if (text !== undefined) return { kind, text, after };
  }
  const event = item.entries.find((entry) => entry.key === "event")?.value;
  if (event?.kind === "map") return { kind: "event", event: readEvent(event), after };
  fail(item.at.line, "a case is a command, or a map with command, screen, typed, event or session");
  return undefined;
}

function readEvent(map: YamlMap): RuleEvent {
  const fields = map.entries.find((entry) => entry.key === "fields")?.value;
  const sources: Record<string, string> = {};
  for (const key of ["product", "category", "service"]) {
    const text = textAt(map, key);
    if (text !== undefined) sources[key] = text;
  }
  return { ...sources, fields: fields?.kind === "map" ? (plainValue(fields) as RuleEvent["fields"]) : {} };
}

function textAt(map: YamlMap, key: string): string | undefined {
  const node = map.entries.find((entry) => entry.key === key)?.value;
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** `after: 90` (seconds) before a step. */
function secondsAt(map: YamlMap): number {
  const node = map.entries.find((entry) => entry.key === "after")?.value;
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value * 1_000_000 : BETWEEN;
}
