import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FieldValue } from "../../src/core/ruleEvent.js";
import { compileRules } from "../../src/sigma/ruleset.js";
import { plainValue, readYaml } from "../../src/sigma/yamlTree.js";
import { filesUnder, hasSigmaHq, parseFolder, SIGMAHQ } from "./sigmahq.js";

const FOLDERS = ["rules", "rules-emerging-threats", "rules-threat-hunting"];

describe.skipIf(!hasSigmaHq)("SigmaHQ's public rules (skipped where ../shared is absent)", () => {
  it.each(FOLDERS)("every rule of %s loads, or waits for a placeholder", (folder) => {
    const parsed = parseFolder(folder);
    const { ruleset, problems } = compileRules(parsed.rules);
    expect(parsed.problems).toEqual([]);
    expect(problems.filter(({ reason }) => !isPlaceholder(reason))).toEqual([]);
    expect(ruleset.rules.length + problems.length).toBe(filesUnder(join(SIGMAHQ, folder), ".yml").length);
    expect(problems.length).toBeLessThan(3);
  });

  it("rules with placeholders are refused with their place, and load when the placeholders are expanded", () => {
    const parsed = parseFolder("rules-placeholder");
    expect(parsed.problems).toEqual([]);
    const { problems } = compileRules(parsed.rules);
    expect(problems.filter(({ reason }) => !isPlaceholder(reason))).toEqual([]);
    expect(new Set(problems.map((problem) => problem.file)).size).toBe(parsed.rules.length);
    const names = problems.map((problem) => /%([^%]+)%/.exec(problem.reason)?.[1] ?? "");
    const placeholders = Object.fromEntries(names.map((name) => [name, ["one", "two*"]]));
    expect(compileRules(parsed.rules, { placeholders }).problems).toEqual([]);
  });

  it("at least 200 of SigmaHQ's 202 regression cases reach their minimum count", () => {
    const documents = FOLDERS.flatMap((folder) => parseFolder(folder).rules);
    const { ruleset } = compileRules(documents, { ignoreLogsource: true });
    const cases = filesUnder(join(SIGMAHQ, "regression_data"), "info.yml").flatMap(readCases);
    const missed = cases.filter(({ ids, minimum, events }) => {
      const hits = events.filter((fields) =>
        ruleset.match({ fields }).some(({ rule }) => ids.includes(rule.id)),
      );
      return hits.length < minimum;
    });
    expect(cases.length).toBe(202);
    expect(cases.length - missed.length, missed.map(({ file }) => file).join("\n")).toBeGreaterThanOrEqual(
      200,
    );
  });
});

const isPlaceholder = (reason: string): boolean => /^the placeholder `%[^%]+%` is not expanded$/.test(reason);

interface Case {
  readonly file: string;
  readonly ids: readonly string[];
  readonly minimum: number;
  readonly events: readonly Record<string, FieldValue>[];
}

interface Info {
  readonly rule_metadata: readonly { id: string }[];
  readonly regression_tests_info?: readonly { path: string; match_count?: number }[];
}

function readCases(info: string): Case[] {
  const root = readYaml(readFileSync(info, "utf8"))[0]?.root;
  const data = (root && plainValue(root)) as Info;
  const ids = data.rule_metadata.map(({ id }) => id);
  return (data.regression_tests_info ?? []).map(({ path, match_count }) => {
    const name = path.replace(/^.*\//, "").replace(/\.\w+$/, ".json");
    const events = jsonDocuments(readFileSync(join(dirname(info), name), "utf8")).map(flatten);
    return { file: info, ids, minimum: match_count ?? 1, events };
  });
}

/** Some files hold several documents in a row; each begins with a brace at the start of a line. */
function jsonDocuments(text: string): unknown[] {
  return text.split(/\n(?=\{)/).map((document) => JSON.parse(document));
}

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** System and EventData as one flat event; an element's attributes follow its name behind an underscore. */
function flatten(document: unknown): Record<string, FieldValue> {
  const { Event: event } = document as { Event: Record<string, Json> };
  const fields: Record<string, FieldValue> = {};
  const visit = (node: Json | undefined, name: string): void => {
    if (node === null || typeof node !== "object") fields[name] = node ?? null;
    else if (Array.isArray(node))
      fields[name] = node.map((one) => (typeof one === "object" ? JSON.stringify(one) : one));
    else
      for (const [key, value] of Object.entries(node))
        visit(value, [name, ...(key === "#attributes" ? [] : [key])].filter((part) => part !== "").join("_"));
  };
  visit(event.System, "");
  for (const [key, part] of Object.entries(event))
    if (key !== "System" && key !== "#attributes") visit(part, "");
  return fields;
}
