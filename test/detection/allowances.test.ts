import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Flag } from "../../src/core/flag.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { type Allowance, allowanceOf, dayOf, inForce } from "../../src/detection/allowances.js";
import { makeRulePack } from "../../src/detection/rulePack.js";
import type { DetectionRule } from "../../src/sigma/model.js";
import { parseRules } from "../../src/sigma/parse.js";

const RULE = `
title: Copying
id: 11111111-2222-4333-8444-555555555555
logsource: { category: process_creation, product: linux }
detection: { s: { CommandLine|contains: cp }, condition: s }
`;
const rule = parseRules(RULE, "rule.yml").rules[0] as DetectionRule;

const allowance: Allowance = {
  reason: "our own: profile\n# not a comment",
  by: "ada",
  date: "2026-11-25",
  expires: "2026-12-31",
};

const flagOf = (...evidence: readonly Readonly<Record<string, string>>[]): Flag => ({
  id: "abc",
  session: "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId,
  rule: { id: rule.id, title: "Copying", level: "high", tags: [], sentence: "" },
  at: micros(1),
  confidence: "seen",
  evidence: evidence.map((fields) => ({ source: "typed", at: micros(1), seq: seq(1), summary: "", fields })),
});

/** The filter as it is read again, and whether the rule still finds a command with it. */
function filtering(flag: Flag) {
  const made = allowanceOf(flag, rule, allowance);
  const read = parseRules(made?.text ?? "", "allowance.yml");
  const pack = makeRulePack([parseRules(RULE, "rule.yml"), read]);
  expect(pack.problems).toEqual([]);
  const finds = (CommandLine: string) =>
    pack.ruleset.match({ category: "process_creation", product: "linux", fields: { CommandLine } }).length >
    0;
  return { document: read.rules[0], finds };
}

describe("an allowance", () => {
  it("keeps its rule from flagging the same act, and nothing else", () => {
    const { document, finds } = filtering(flagOf({ CommandLine: "cp a b" }, { CommandLine: "cp c d" }));
    expect(document).toMatchObject({
      kind: "filter",
      title: "Allowed: Copying",
      description: allowance.reason,
      author: "ada",
      custom: { expires: "2026-12-31" },
    });
    expect(finds("cp a b")).toBe(false);
    expect(finds("cp c d")).toBe(false);
    expect(finds("cp a b c")).toBe(true);
    expect(finds("sudo cp a b")).toBe(true);
  });

  it("takes every character of the act for itself", () => {
    const command = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((text) => `cp ${text.replaceAll("…", "")}`);
    fc.assert(
      fc.property(command, (text) => {
        const { finds } = filtering(flagOf({ CommandLine: text }));
        expect(finds(text)).toBe(false);
        expect(finds(`${text}x`)).toBe(true);
      }),
    );
    expect(filtering(flagOf({ CommandLine: "cp *? \\*" })).finds("cp ab \\*")).toBe(true);
  });

  it("knows a long act by its beginning, and a line of text by its words", () => {
    const { finds } = filtering(flagOf({ CommandLine: "cp long…" }));
    expect([finds("cp longer"), finds("cp short")]).toEqual([false, true]);
    expect(allowanceOf(flagOf({ Text: "Plan: 1  to\tdestroy" }), rule, allowance)?.text).toContain(
      'Text|contains: "Plan:*1*to',
    );
  });

  it("is not made where nothing tells the act", () => {
    expect(allowanceOf(flagOf(), rule, allowance)).toBeUndefined();
    expect(allowanceOf(flagOf({ CommandLine: "cp" }, { Image: "/bin/cp" }), rule, allowance)).toBeUndefined();
  });
});

describe("what expires", () => {
  const at = (time: string) => Date.parse(time) * 1000;
  const made = allowanceOf(flagOf({ CommandLine: "cp a b" }), rule, allowance)?.text ?? "";

  it("counts through its last day, by the session's own time", () => {
    const parsed = parseRules(made, "x.yml");
    expect(inForce(parsed, at("2026-12-31T23:59:59Z")).rules).toHaveLength(1);
    expect(inForce(parsed, at("2027-01-01T00:00:00Z"))).toEqual({ rules: [], problems: [] });
  });

  it.each(["soon", "2026-02-31", "2026-1-1", "[]", "20261231"])("is refused when it is no day: %s", (day) => {
    const wrong = parseRules(made.replace("expires: 2026-12-31", `expires: ${day}`), "x.yml");
    expect(inForce(wrong, 0)).toMatchObject({
      rules: [],
      problems: [{ file: "x.yml", reason: expect.stringContaining("2026-12-31") }],
    });
  });

  it("leaves rules and filters without an end alone", () => {
    const parsed = parseRules(
      `${RULE}expires: 2000-01-01\n---\n${made.replace(/expires: .*\n/, "")}`,
      "x.yml",
    );
    expect(inForce(parsed, at("2030-01-01"))).toBe(parsed);
    expect(dayOf("2024-02-29")).toBe(at("2024-02-29"));
  });
});
