import { describe, expect, it } from "vitest";
import { load, refusals, selection } from "./rules.js";

const problemsOf = (yaml: string): string[] =>
  load(yaml).problems.map(({ line, column, reason }) => `${line}:${column} ${reason}`);

describe("a detection is refused, with the place,", () => {
  it.each([
    ["A|nope: x", "7:5 Sigma has no modifier `nope`"],
    ["A|i: x", "7:5 `i` stands only behind `re`"],
    ["A|re|cidr: x", "7:5 `cidr` does not go with `re`"],
    ["A|re|base64: x", "7:5 `base64` does not go with `re`"],
    ["A|exists|contains: true", "7:5 `contains` does not go with `exists`"],
    ["A|contains|gt: 5", "7:5 `contains` does not go with `gt`"],
    ["A|gt|lt: 5", "7:5 only one of lt, lte, gt and gte can be asked for"],
    ["A|all: x", "7:5 `all` needs a list of values: one value has nothing to be joined with"],
    ["A: [x, null]", "7:5 `null` can't be part of a list of values"],
    ["A|contains: null", "7:17 `null` takes no modifiers and needs a field"],
    ["A: []", "7:8 `A` has an empty list of values"],
    ["A: { B: x }", "7:8 a value of `A` must be text, a number, true, false or null"],
    ["A: [[x]]", "7:9 a value of `A` must be text, a number, true, false or null"],
    ["A|exists: maybe", "7:15 `exists` takes true or false"],
    ["A|gte: many", "7:12 a number is needed here"],
    ["A|hour: noon", "7:13 a number is needed here"],
    ["A|cidr: 10.0.0.0/33", "7:13 `10.0.0.0/33` is no network such as 10.0.0.0/8 or fe80::/10"],
    ["A|cidr: 10.0.0/8", "7:13 `10.0.0/8` is no network such as 10.0.0.0/8 or fe80::/10"],
    ["A|cidr: 'fe80:::1/64'", "7:13 `fe80:::1/64` is no network such as 10.0.0.0/8 or fe80::/10"],
    ["A|fieldref: 5", "7:17 `fieldref` takes the name of a field"],
    ["A|base64: 'a*b'", "7:15 `base64` can't encode wildcards, nor what comes after contains or windash"],
    [
      "A|contains|base64: ab",
      "7:24 `base64` can't encode wildcards, nor what comes after contains or windash",
    ],
    ["A|base64offset: a", "7:21 the value is too short for `base64offset`"],
    ["A|wide|utf16: a", "7:19 `utf16` can't encode what is already encoded"],
    ["A|expand: '%unknown%'", "7:15 the placeholder `%unknown%` is not expanded"],
    ["A|contains|expand: 'x%a%y%b%'", "7:24 the placeholder `%a%` is not expanded"],
    ["'|gt': 5", "7:5 `a comparison` needs a field"],
    ["'|cidr': 10.0.0.0/8", "7:5 `cidr` needs a field"],
    ["- ''", "7:7 `selection` has an empty keyword, which would match everything"],
    ["- [a]", "7:7 `selection` is a list in a list"],
    ["{}", "7:5 `selection` is empty"],
    ["[]", "7:5 `selection` is empty"],
  ])("%s", (items, problem) => {
    expect(refusals(selection(items))).toEqual([problem]);
  });

  it.each(["(?=a)", "(?<!a)b", "(a)\\1", "a++", "(?>a)", "[a", "a{2000}", "(", "*a", "((a{99}){99}){99}"])(
    "when RE2 can't run %s",
    (expression) => {
      const [problem = "", ...more] = refusals(selection(`A|re: '${expression}'`));
      expect(more).toEqual([]);
      expect(problem).toMatch(/^7:11 the regular expression can't run in linear time, or is wrong: /);
    },
  );
});

describe("documents are refused, with the place,", () => {
  const body = "logsource: { category: c }\ndetection: { s: { A: x }, condition: s }\n";

  it.each([
    ["when they are no map", "- a\n- b", "1:1 a Sigma document must be a map"],
    ["without a detection", "title: t\nlogsource: { category: c }", "1:1 `detection` is missing"],
    ["without a title", body, "1:1 `title` is missing"],
    ["with an empty title", `title: ''\n${body}`, "1:8 `title` is empty"],
    [
      "without a log source",
      "title: t\ndetection: { s: { A: x }, condition: s }",
      "1:1 `logsource` is missing",
    ],
    [
      "with an empty log source",
      "title: t\nlogsource: { definition: x }\ndetection: { s: { A: x }, condition: s }",
      "2:12 `logsource` names no category, product or service",
    ],
    [
      "without a condition",
      "title: t\nlogsource: { category: c }\ndetection: { s: { A: x } }",
      "3:12 `condition` is missing",
    ],
    [
      "without a search",
      "title: t\nlogsource: { category: c }\ndetection: { condition: s }",
      "3:12 there is no search identifier",
    ],
    [
      "with an unknown level",
      `title: t\nlevel: fatal\n${body}`,
      "2:8 `level` is `fatal`, not one of informational, low, medium, high, critical",
    ],
    [
      "with an unknown status",
      `title: t\nstatus: new\n${body}`,
      "2:9 `status` is `new`, not one of stable, test, experimental, deprecated, unsupported",
    ],
    [
      "with tags that are no list of texts",
      `title: t\ntags: [{ a: b }]\n${body}`,
      "2:8 `tags` must be a list of texts",
    ],
    ["with a key twice", `title: t\ntitle: u\n${body}`, "2:1 the key `title` stands here twice"],
    [
      "with a field twice",
      "title: t\nlogsource: { category: c }\ndetection:\n  s:\n    A: x\n    A: y\n  condition: s",
      "6:5 the key `A` stands here twice",
    ],
    [
      "of two kinds at once",
      `title: t\ncorrelation: { type: temporal, rules: [a, b], timespan: 1m }\n${body}`,
      "1:1 a document is one of detection, correlation and filter",
    ],
  ])("%s", (_what, yaml, expected) => {
    expect(problemsOf(yaml)).toEqual([expected]);
  });

  it.each([
    ["title: t\n  x: [", "1:8 YAML: "],
    ["title: 't", "1:10 YAML: "],
    ["title: t\n\tlevel: high", "2:1 YAML: "],
    ['title: "\\q"', "1:9 YAML: "],
    ["title: !odd t", "1:8 YAML: "],
  ])("when they are no YAML: %j", (yaml, expected) => {
    expect(problemsOf(yaml)[0]).toContain(expected);
  });

  it("with every problem they have, and without harm to the others of the file", () => {
    const { ruleset, problems } = load(
      `title: good\nid: g\n${body}---\ntitle: bad\nid: bad-id\nlevel: fatal\nstatus: odd\nlogsource: {}\ndetection: { s: { A: { x: 1 } } }\n---\ntitle: good too\n${body}`,
    );
    expect(ruleset.rules.map(({ title }) => title)).toEqual(["good", "good too"]);
    expect(problems).toEqual([
      { file: "rules.yml", line: 8, column: 8, ruleId: "bad-id", reason: expect.stringContaining("`level`") },
      {
        file: "rules.yml",
        line: 9,
        column: 9,
        ruleId: "bad-id",
        reason: expect.stringContaining("`status`"),
      },
      {
        file: "rules.yml",
        line: 10,
        column: 12,
        ruleId: "bad-id",
        reason: expect.stringContaining("names no"),
      },
      { file: "rules.yml", line: 11, column: 12, ruleId: "bad-id", reason: "`condition` is missing" },
      {
        file: "rules.yml",
        line: 11,
        column: 22,
        ruleId: "bad-id",
        reason: expect.stringContaining("a value of"),
      },
    ]);
  });

  it("when their id is another's", () => {
    const { ruleset, problems } = load(`title: a\nid: same\n${body}---\ntitle: b\nid: same\n${body}`);
    expect(ruleset.rules.map(({ title }) => title)).toEqual(["a"]);
    expect(problems).toEqual([
      {
        file: "rules.yml",
        line: 6,
        column: 1,
        ruleId: "same",
        reason: "the id `same` is already that of `a` in rules.yml",
      },
    ]);
  });

  it("but not for being empty", () => {
    expect(problemsOf("")).toEqual([]);
    expect(problemsOf("# nothing here\n---\n")).toEqual([]);
    expect(problemsOf(`title: t\n${body}---\n`)).toEqual([]);
  });
});
