import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRules } from "../../src/sigma/parse.js";
import { compileRules } from "../../src/sigma/ruleset.js";
import { load, matches, ruleYaml, selection } from "./rules.js";

const reasons = (yaml: string): string[] => load(yaml).problems.map(({ reason }) => reason);

describe("hostile YAML", () => {
  it("may not blow up through aliases", () => {
    const laughs = Array.from(
      { length: 12 },
      (_, i) =>
        `l${i + 1}: &l${i + 1} [${Array(10)
          .fill(i === 0 ? "lol" : `*l${i}`)
          .join(", ")}]`,
    );
    expect(reasons(`title: t\n${laughs.join("\n")}`)).toEqual([
      "the YAML aliases stand for more than 10000 values",
    ]);
  });

  it("may not hold itself", () => {
    expect(reasons("title: t\nx: &x [*x]")).toEqual([expect.stringMatching(/^the YAML/)]);
    expect(reasons("title: t\nx: &x { y: *x }")).toEqual([expect.stringMatching(/^the YAML/)]);
    expect(reasons("title: *nothing")).toEqual([expect.stringContaining("nothing")]);
  });

  it("may use an alias where that is sensible", () => {
    const rule = ruleYaml("a: &a\n  A: x\nb:\n  - *a\n  - B: y\ncondition: b");
    expect(load(rule).problems).toEqual([]);
  });

  it.each([
    ["[", "]"],
    ["{a: ", "}"],
    ["- ", ""],
    ["? ", ""],
    ["a: &a [", ""],
  ])("may not nest %s without end", (open, close) => {
    for (const depth of [100, 20_000]) {
      const { problems } = load(`title: t\nx: ${open.repeat(depth)}${close.repeat(depth)}`);
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it("may not be too large", () => {
    expect(reasons(`title: ${"x".repeat(34_000_000)}`)).toEqual([
      "the file is larger than 33554432 characters",
    ]);
    expect(reasons(`title: ${"x".repeat(3_000_000)}`)).toEqual([
      "the document is larger than 2097152 characters",
    ]);
    expect(reasons("- a\n".repeat(200_000))).toEqual(["the document has more than 400000 words and signs"]);
    expect(reasons("---\n".repeat(50_000)).at(-1)).toContain("more than 20000 documents");
  });

  it("may have very many keys, long keys and long values", () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `  k${i}: x`).join("\n");
    expect(reasons(ruleYaml(`s:\n${keys}\ncondition: s`))).toEqual([]);
    expect(reasons(ruleYaml(`s:\n  ${"k".repeat(900)}: ${"v".repeat(1_000_000)}\ncondition: s`))).toEqual([]);
    expect(reasons(ruleYaml(`s:\n  A|${"contains|".repeat(100)}cased: v\ncondition: s`))).toEqual([]);
  });

  it("may have more alternatives than a call has arguments", () => {
    const many = Array.from({ length: 130_000 }, (_, i) => `k${i}`).join(",");
    const { ruleset, problems } = load(ruleYaml(`s:\n  A|contains: [${many}]\nt: [x]\ncondition: s or t`));
    expect(problems).toEqual([]);
    expect(ruleset.match({ category: "test", fields: { A: "xk129999" } })).toHaveLength(1);
  });

  it("may have more faults than anyone would read", () => {
    expect(reasons("&a ".repeat(100_000)).length).toBeLessThanOrEqual(1000);
    expect(reasons(`title: t\n${"!a ".repeat(60_000)}`).length).toBeLessThanOrEqual(1000);
  });

  it("may use no tags that make something else of a value", () => {
    expect(reasons("title: !!js/function 'x'\n")).toEqual([expect.stringContaining("YAML: ")]);
    expect(reasons("title: !!binary aGk=\n").length).toBeGreaterThan(0);
  });

  it("can't reach prototypes", () => {
    const { ruleset, problems } = load(
      `${ruleYaml("__proto__:\n  A: x\ncondition: __proto__")}__proto__: { polluted: true }\nconstructor: x\n`,
    );
    expect(problems).toEqual([]);
    expect(ruleset.rules[0]?.custom).toHaveProperty("constructor", "x");
    expect({}).not.toHaveProperty("polluted");
  });

  it("never throws, whatever the text", () => {
    const pieces = fc.constantFrom(
      "title: t\n",
      "detection:\n",
      "  s:\n",
      "    A|re: x\n",
      "  condition: s\n",
      "logsource:\n",
      "  category: c\n",
      "correlation:\n",
      "  rules: [a]\n",
      "filter:\n",
      "---\n",
      "...\n",
      "- ",
      ": ",
      "&a ",
      "*a ",
      "!x ",
      "|\n",
      ">\n",
      "{",
      "}",
      "[",
      "]",
      "'",
      '"',
      "\t",
      "\0",
      "%",
      "#",
      "? ",
      "<<: ",
      "~",
      "null",
      "1e999",
      "0x",
      "\ud800",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 25 }), (list) => {
        const { rules, problems } = parseRules(list.join(""), "f");
        compileRules(rules);
        for (const { line, column } of problems) expect(line >= 1 && column >= 1).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("never throws when a good rule is damaged", () => {
    const good = ruleYaml(
      "s:\n  A|contains:\n    - one\n    - two\n  B|re: a+b\nt: [x]\ncondition: s and not 1 of t*",
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length), fc.nat(8), fc.string({ maxLength: 4 })), { maxLength: 4 }),
        (edits) => {
          let text = good;
          for (const [at, drop, add] of edits) text = text.slice(0, at) + add + text.slice(at + drop);
          compileRules(parseRules(text, "f").rules);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("hostile events", () => {
  const TEN_MB = 10_000_000;

  it.each(["(a+)+$b", "(a|aa)+$b", "(a*)*b", "(x+x+)+y", "(.*a){20}b", "^(([a-z])+.)+[A-Z]([a-z])+$"])(
    "can't make %s hang",
    (expression) => {
      expect(matches(selection(`A|re: '${expression}'`), { A: "a".repeat(200_000) })).toBe(false);
    },
  );

  it("may have values of 10 MB", () => {
    const big = "a/ -".repeat(TEN_MB / 4);
    const detection = selection(
      "A|contains|all: ['a/ -a/', '-?/ -', needle]\nB|re: 'n(e+)dle'\nC|endswith: x",
    );
    expect(matches(detection, { A: `${big}needle`, B: `${big}needle`, C: `${big}x` })).toBe(true);
    expect(matches(detection, { A: `${big}needle`, B: big, C: `${big}x` })).toBe(false);
    expect(matches(selection("[needle]"), { A: big, B: `${big}NEEDLE` })).toBe(true);
  });

  it("may have many fields, deep arrays and long arrays", () => {
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`F${i}`, i]));
    expect(matches(selection("F19999: 19999"), fields)).toBe(true);
    let deep: readonly unknown[] = ["x"];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(matches(selection("A: x"), { A: deep as string[] })).toBe(false);
    expect(matches(selection("A: x"), { A: [...Array(500_000).fill("y"), "x"] })).toBe(true);
  });

  it("may bring deep arrays to correlations", () => {
    const { ruleset } = load(
      `${ruleYaml("s:\n  A: x\ncondition: s", "title: t\nname: r")}---
title: c
correlation: { type: event_count, rules: [r], group-by: [G], timespan: 1m, condition: { gte: 2 } }`,
    );
    let deep: readonly unknown[] = ["x"];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const event = { category: "test", fields: { A: "x", G: deep as string[] } };
    const correlator = ruleset.correlator();
    expect(correlator.feed(event, ruleset.match(event), 0)).toEqual([]);
    expect(correlator.feed(event, ruleset.match(event), 1)).toHaveLength(1);
  });

  it("may hold broken text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (value) => {
        expect(matches(selection("A|contains: ''\nB|exists: false"), { A: value })).toBe(true);
        matches(selection("A|re: '.\\pL'\nC|cidr: ::/0\nC|hour: 1\nC|gt: 1"), { A: value, C: value });
      }),
    );
    expect(matches(selection("A|re: x"), { A: "\ud800x" })).toBe(true);
  });
});
