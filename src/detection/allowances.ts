import { createHash } from "node:crypto";
import type { Evidence, Flag } from "../core/flag.js";
import type { DetectionRule } from "../sigma/model.js";
import type { ParsedRules } from "../sigma/parse.js";
import type { RuleProblem } from "../sigma/problem.js";

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MICROS = 86_400_000_000;

/**
 * What is in force on a day: a filter may carry `expires: 2026-12-31`, bodycam's own key, and counts through that day
 * (UTC). Which day is asked for is the session's, not today: so a session gives the same flags whenever it is looked at.
 */
export function inForce(parsed: ParsedRules, at: number): ParsedRules {
  const problems: RuleProblem[] = [];
  const rules = parsed.rules.filter((rule) => {
    const { expires } = rule.custom;
    if (rule.kind !== "filter" || expires === undefined) return true;
    const until = dayOf(expires);
    if (until !== undefined) return at < until + DAY_MICROS;
    const reason = "`expires` must be a day such as 2026-12-31";
    problems.push({ file: rule.file, ...rule.at, reason, ruleId: rule.id });
    return false;
  });
  return problems.length === 0 && rules.length === parsed.rules.length
    ? parsed
    : { rules, problems: [...parsed.problems, ...problems] };
}

/** The beginning of a day, in microseconds since 1970; undefined for what is no day. */
export function dayOf(text: unknown): number | undefined {
  if (typeof text !== "string" || !DAY.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  // The 31st of February is parsed as a day in March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? undefined : at * 1000;
}

export interface Allowance {
  /** Why it is fine, in the reviewer's words. */
  readonly reason: string;
  readonly by: string;
  /** Days such as 2026-12-31. */
  readonly date: string;
  readonly expires: string;
}

/**
 * A Sigma filter that keeps a rule from flagging this act again: the same command, the same file, the same line. The
 * text of a YAML file, and the filter's id. Undefined when the evidence holds nothing to know the act by.
 */
export function allowanceOf(
  flag: Flag,
  rule: DetectionRule,
  allowance: Allowance,
): { readonly id: string; readonly text: string } | undefined {
  const acts = flag.evidence.map(actOf);
  if (acts.length === 0 || acts.some((act) => act.length === 0)) return undefined;
  const { category, product, service } = rule.logsource;
  const id = uuidOf(`${flag.session}\0${flag.id}\0${allowance.date}\0${allowance.reason}`);
  const source = Object.entries({ category, product, service }).filter(([, value]) => value !== undefined);
  const lines = [
    `title: ${quoted(`Allowed: ${rule.title}`.slice(0, 250))}`,
    `id: ${id}`,
    `description: ${quoted(allowance.reason)}`,
    `author: ${quoted(allowance.by)}`,
    `date: ${allowance.date}`,
    `expires: ${allowance.expires}`,
    "logsource:",
    ...source.map(([name, value]) => `    ${name}: ${quoted(String(value))}`),
    "filter:",
    "    rules:",
    `        - ${quoted(rule.id)}`,
    ...distinct(acts).flatMap((act, index) => [
      `    act_${index + 1}:`,
      ...act.map(([field, value]) => `        ${field}: ${quoted(value)}`),
    ]),
    "    condition: 1 of act_*",
  ];
  return { id, text: `${lines.join("\n")}\n` };
}

type Act = readonly (readonly [field: string, pattern: string])[];

/** By what to know an act again: commands by the command, files by the file, all else by its text. */
function actOf({ fields }: Evidence): Act {
  const named = ["CommandLine", "TargetFilename", "Statement"].flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [same(name, value)];
  });
  if (named.length > 0) return named;
  const text = fields.Text;
  return text === undefined ? [] : [["Text|contains", loose(text)]];
}

/** Evidence is cut when it is long. */
const same = (field: string, value: string): readonly [string, string] =>
  value.endsWith("…") ? [`${field}|startswith`, literal(value.slice(0, -1))] : [field, literal(value)];

/** Evidence has one blank where the line had several, or what can't be shown. */
const loose = (text: string): string =>
  text
    .replace(/…$/, "")
    .split(" ")
    .filter((word) => word !== "")
    .map(literal)
    .join("*");

/** A text as a Sigma string that matches nothing else. */
const literal = (text: string): string => text.replace(/[\\*?]/g, "\\$&");

/** JSON's strings are YAML's, too. */
const quoted = (text: string): string => JSON.stringify(text);

function distinct(acts: readonly Act[]): readonly Act[] {
  return [...new Map(acts.map((act) => [JSON.stringify(act), act])).values()];
}

/** A UUID (version 8 of RFC 9562) from a text. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex").slice(0, 32).split("");
  hex[12] = "8";
  hex[16] = "8";
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
