import { describe, expect, test } from "vitest";
import { readCases } from "../../src/detection/caseFile.js";
import { runCases } from "../../src/detection/cases.js";
import { makeRulePack } from "../../src/detection/rulePack.js";
import { parseRules } from "../../src/sigma/parse.js";

const RULE = `
title: Push
id: push
level: high
logsource: { category: process_creation }
detection:
  s: { Image|endswith: /git, CommandLine|contains: ' push' }
  condition: s
`;
const pack = makeRulePack([parseRules(RULE, "d/push.yml")]);
const run = (text: string) => {
  const file = readCases({ file: "d/push.cases.yml", text }, pack.documents);
  return runCases(pack, [file]);
};

describe("cases", () => {
  test("that come out as they say pass", () => {
    const text =
      "match:\n  - git push\n  - screen: '$ git push'\n  - typed: git push\nmiss:\n  - git pull\n  - echo git push\n";
    expect(run(text)).toEqual({ passed: 5, failures: [] });
  });

  test("that do not are told with their line", () => {
    const { passed, failures } = run("match:\n  - git pull\n  - git push\nmiss:\n  - git push -f\n  - ls\n");
    expect(passed).toBe(2);
    expect(failures).toEqual([
      { file: "d/push.cases.yml", line: 2, rule: "push", reason: "must match, and does not: git pull" },
      { file: "d/push.cases.yml", line: 5, rule: "push", reason: "must not match, but does: git push -f" },
    ]);
  });

  test("a rule needs two of each", () => {
    const { failures } = run("match:\n  - git push\nmiss: []\n");
    expect(failures).toMatchObject([{ file: "d/push.yml", rule: "push" }]);
  });

  test("events and sessions", () => {
    const event =
      "event: { category: process_creation, fields: { Image: /usr/bin/git, CommandLine: git push } }";
    const text = `match:\n  - ${event}\n  - session:\n      - ls\n      - after: 5\n        command: git push\nmiss:\n  - ls\n  - pwd\n`;
    expect(run(text).failures).toEqual([]);
  });

  test.each([
    ["no map", "- git push", "must be a map"],
    ["an unknown key", "matches:\n  - git push\n", "`matches` is not one of"],
    ["no list", "match: git push\n", "must be a list"],
    ["an unknown case", "match:\n  - comand: git push\n", "a case is a command"],
    ["broken YAML", "match: [\n", "YAML"],
    ["a rule that does not exist", "rule: nope\nmatch:\n  - ls\n", "there is no such rule"],
  ])("%s is told", (_, text, reason) => {
    expect(
      run(text)
        .failures.map((failure) => failure.reason)
        .join("\n"),
    ).toContain(reason);
  });

  test("a file without a rule beside it is told", () => {
    const file = readCases({ file: "d/other.cases.yml", text: "match:\n  - ls\n" }, pack.documents);
    expect(file.problems[0]?.reason).toContain("no rule beside");
  });
});
