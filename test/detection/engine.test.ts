import { describe, expect, test } from "vitest";
import type { Flag } from "../../src/core/flag.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { Engine } from "../../src/detection/engine.js";
import { makeRulePack } from "../../src/detection/rulePack.js";
import { parseRules } from "../../src/sigma/parse.js";

const session = "11111111-1111-4111-8111-111111111111" as SessionId;
const rules = makeRulePack([
  parseRules(
    `
title: Recursive delete
id: rm
level: high
tags: [attack.t1485]
sentence: The agent deleted a directory.
logsource: { category: process_creation }
detection:
  s: { Image|endswith: /rm, CommandLine|contains: ' -rf ' }
  condition: s
---
title: Secret shown
id: secret
level: medium
logsource: { product: bodycam, category: terminal }
detection:
  s: { Text|contains: 'SECRET=' }
  condition: s
---
title: Drop
id: drop
level: critical
logsource: { category: database }
detection:
  s: { Statement|startswith: 'drop table' }
  condition: s
---
title: Delete, then secret
id: chain
level: critical
correlation:
  type: temporal_ordered
  rules: [rm, secret]
  timespan: 1m
  generate: true
`,
    "test.yml",
  ),
]);

const screen = (engine: Engine, text: string, second = 0): readonly Flag[] =>
  engine.onScreenText({ text, at: micros(second * 1_000_000), seq: seq(second) });
const type = (engine: Engine, text: string, second = 0): readonly Flag[] =>
  engine.onInput(Buffer.from(text), micros(second * 1_000_000), seq(second));

describe("the engine", () => {
  test("the rules of this test load", () => {
    expect(rules.problems).toEqual([]);
  });

  test("a command on the screen is a flag with its evidence", () => {
    const [flag] = screen(new Engine(rules, session), "$ sudo rm -rf  /srv/x", 3);
    expect(flag).toMatchObject({
      session,
      rule: {
        id: "rm",
        title: "Recursive delete",
        level: "high",
        tags: ["attack.t1485"],
        sentence: "The agent deleted a directory.",
      },
      at: 3_000_000,
      confidence: "seen",
      evidence: [
        {
          source: "screen",
          at: 3_000_000,
          seq: 3,
          summary: "rm -rf /srv/x",
          fields: { Image: "/usr/bin/rm", User: "root" },
        },
      ],
    });
  });

  test("a typed command is requested", () => {
    const [flag] = type(new Engine(rules, session), "rm -rf /srv/x\r");
    expect(flag).toMatchObject({ confidence: "requested", evidence: [{ source: "typed" }] });
  });

  test("a typed statement is for a database", () => {
    expect(type(new Engine(rules, session), "DROP TABLE users;\r").map((flag) => flag.rule.id)).toEqual([
      "drop",
    ]);
  });

  test("what a person says is not done", () => {
    expect(type(new Engine(rules, session), "please run rm -rf /srv/x for me\r")).toEqual([]);
  });

  test("the same act is one flag, however often and in whatever spelling it is shown", () => {
    const engine = new Engine(rules, session);
    expect(screen(engine, "$ rm -rf /srv/x")).toHaveLength(1);
    expect(screen(engine, "$ rm  -rf '/srv/x'", 20)).toEqual([]);
    const [again] = type(engine, "rm -rf /srv/x\r", 30);
    expect(again).toMatchObject({ at: 0, confidence: "requested" });
    expect(again?.evidence.map((one) => one.source)).toEqual(["screen", "typed"]);
    expect(screen(engine, "$ rm -rf /srv/x", 35)).toEqual([]);
    expect(screen(engine, "$ rm -rf /srv/y", 40)).toHaveLength(1);
  });

  test("one rule in one command is one flag, with all its evidence", () => {
    const [flag, ...more] = screen(new Engine(rules, session), "$ rm -rf /a; rm -rf /b");
    expect(more).toEqual([]);
    expect(flag?.evidence.map((one) => one.summary)).toEqual(["rm -rf /a", "rm -rf /b"]);
  });

  test("lines of one burst are one flag; a later burst is another", () => {
    const engine = new Engine(rules, session);
    const found = [0, 1, 2, 4, 8, 30].flatMap((second) =>
      screen(engine, `SECRET=${"x".repeat(second)}`, second),
    );
    expect(found).toHaveLength(1);
    const later = makeRulePack([
      parseRules(
        "title: T\nid: t\nlogsource: { product: bodycam, category: terminal }\ndetection: { s: { 'Text|re': 'KEY=[0-9]+' }, condition: s }",
        "t.yml",
      ),
    ]);
    const other = new Engine(later, session);
    expect(
      [0, 1, 2, 30].flatMap((second) => screen(other, `KEY=${second}`, second)).map((f) => f.at),
    ).toEqual([0, 30_000_000]);
  });

  test("a chain is a flag of its own, whose steps keep their times", () => {
    const engine = new Engine(rules, session);
    screen(engine, "$ rm -rf /a", 1);
    const flags = screen(engine, "SECRET=1", 9);
    const chain = flags.find((flag) => flag.rule.id === "chain");
    expect(chain?.at).toBe(9_000_000);
    expect(chain?.evidence.map((one) => [one.at, one.seq])).toEqual([
      [1_000_000, 1],
      [9_000_000, 9],
    ]);
  });

  test("the same facts give the same flags", () => {
    const run = (): readonly Flag[] => {
      const engine = new Engine(rules, session);
      engine.onOpen({ cwd: "/w", platform: "linux" });
      return [
        ...screen(engine, "$ rm -rf ../x", 1),
        ...type(engine, "rm -rf y\r", 2),
        ...screen(engine, "SECRET=", 3),
      ];
    };
    expect(run()).toEqual(run());
    expect(run().length).toBe(4);
    const other = new Engine(rules, "22222222-2222-4222-8222-222222222222" as SessionId);
    expect(screen(other, "$ rm -rf ../x")[0]?.id).not.toBe(run()[0]?.id);
  });

  test("evidence carries no control characters", () => {
    const [flag] = screen(new Engine(rules, session), "$ rm -rf '/a\x1b[31m\u202ex\x07'");
    expect(JSON.stringify(flag)).not.toMatch(/\\u001b|\u202e|\\u0007/);
    expect(flag?.evidence[0]?.summary).toContain("rm -rf");
  });
});
