import { describe, expect, it } from "vitest";
import { load } from "./rules.js";

const rule = (id: string, logsource: string, detection = "{ s: { A: x }, condition: s }"): string =>
  `title: ${id}\nid: ${id}\nlogsource: ${logsource}\ndetection: ${detection}\n---\n`;

describe("log sources", () => {
  const { ruleset } = load(
    rule("all-products", "{ category: process_creation }") +
      rule("linux", "{ category: process_creation, product: linux }") +
      rule("service", "{ product: linux, service: auditd }") +
      rule("product", "{ product: Linux }"),
  );
  const ids = (source: { category?: string; product?: string; service?: string }) =>
    ruleset.match({ ...source, fields: { A: "x" } }).map((match) => match.rule.id);

  it("all that a rule names must be the event's; what it does not name may be anything", () => {
    expect(ids({ category: "process_creation", product: "linux" })).toEqual([
      "all-products",
      "linux",
      "product",
    ]);
    expect(ids({ category: "process_creation", product: "windows" })).toEqual(["all-products"]);
    expect(ids({ category: "process_creation" })).toEqual(["all-products"]);
    expect(ids({ product: "linux", service: "auditd" })).toEqual(["service", "product"]);
    expect(ids({ product: "linux", service: "sshd" })).toEqual(["product"]);
    expect(ids({ service: "auditd" })).toEqual([]);
    expect(ids({})).toEqual([]);
  });

  it("ignore the case, and keep apart what comes after one another", () => {
    for (let round = 0; round < 3; round++) {
      expect(ids({ product: "LINUX" })).toEqual(["product"]);
      expect(ids({ product: "macos" })).toEqual([]);
    }
  });

  it("may be ignored altogether", () => {
    const all = load(rule("a", "{ product: one }") + rule("b", "{ product: two }"), {
      ignoreLogsource: true,
    });
    expect(all.ruleset.match({ fields: { A: "x" } })).toHaveLength(2);
  });

  it("are never mixed up, however many an event stream makes up", () => {
    for (let i = 0; i < 1000; i++)
      expect(ids({ product: `made-up-${i}`, category: "process_creation" })).toEqual(["all-products"]);
    expect(ids({ product: "linux" })).toEqual(["product"]);
  });
});

describe("what a rule matched on", () => {
  const matched = (detection: string, fields: Record<string, string | string[] | number | null>) =>
    load(rule("r", "{ category: c }", detection)).ruleset.match({ category: "c", fields })[0]?.matched;

  it("tells field, value and the part that matched, as it was written", () => {
    expect(
      matched("{ s: { A|contains: 'CURL*http', B|endswith: \\sh, C: plain }, condition: s }", {
        A: "x Curl -s HTTP://y",
        B: "C:\\SH",
        C: "Plain",
      }),
    ).toEqual([
      { field: "A", value: "x Curl -s HTTP://y", text: "Curl -s HTTP" },
      { field: "B", value: "C:\\SH", text: "\\SH" },
      { field: "C", value: "Plain", text: "Plain" },
    ]);
  });

  it("finds its way in lists, expressions and keywords", () => {
    expect(matched("{ s: { A|re: 'b+' }, condition: s }", { A: ["xa", "abbc"] })).toEqual([
      { field: "A", value: "abbc", text: "bb" },
    ]);
    expect(matched("{ s: ['evil'], condition: s }", { A: "good", B: "so Evil" })).toEqual([
      { field: "B", value: "so Evil", text: "Evil" },
    ]);
    expect(matched("{ s: { A|gt: 3 }, condition: s }", { A: 5 })).toEqual([
      { field: "A", value: "5", text: "5" },
    ]);
  });

  it("leaves out what must not be, and what was not needed", () => {
    expect(
      matched("{ s: { A: x }, t: { B: y }, u: { C: z }, condition: (s or u) and not t }", { A: "x", B: "n" }),
    ).toEqual([{ field: "A", value: "x", text: "x" }]);
    expect(matched("{ s: { A: x }, condition: not s }", {})).toEqual([]);
  });

  it("keeps offsets where a letter's other case is longer", () => {
    expect(matched("{ s: { A|contains: rm }, condition: s }", { A: "İİ RM -rf" })).toEqual([
      { field: "A", value: "İİ RM -rf", text: "RM" },
    ]);
  });
});

describe("documents", () => {
  it("carry what their authors say of them, and keys that Sigma does not know", () => {
    const { ruleset } = load(`title: T
id: 0e95725d-7320-415d-80f7-004da920fc11
name: n
status: test
description: D
author: A
date: 2025-01-02
level: high
tags: [attack.t1539]
references: https://example.org
falsepositives: [none]
fields: [CommandLine]
license: MIT
related: [{ id: x, type: similar }]
sentence: A plain sentence.
nested: { a: [1, null, true] }
logsource: { category: c, definition: only here }
detection: { s: { A: x }, condition: s }`);
    expect(ruleset.rules[0]).toMatchObject({
      kind: "detection",
      file: "rules.yml",
      id: "0e95725d-7320-415d-80f7-004da920fc11",
      name: "n",
      title: "T",
      status: "test",
      description: "D",
      author: "A",
      date: "2025-01-02",
      level: "high",
      tags: ["attack.t1539"],
      references: ["https://example.org"],
      falsepositives: ["none"],
      fields: ["CommandLine"],
      logsource: { category: "c", product: undefined, service: undefined, definition: "only here" },
      custom: { sentence: "A plain sentence.", nested: { a: [1, null, true] } },
    });
  });

  it("without an id are known by their name, or their title", () => {
    const body = "logsource: { category: c }\ndetection: { s: { A: x }, condition: s }\n";
    const { ruleset } = load(`title: T\n${body}---\ntitle: U\nname: u\n${body}`);
    expect(ruleset.rules.map(({ id }) => id)).toEqual(["T", "u"]);
  });
});
