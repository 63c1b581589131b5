import { describe, expect, test } from "vitest";
import type { Flag } from "../../src/core/flag.js";
import type { Observation } from "../../src/core/observation.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { Engine } from "../../src/detection/engine.js";
import { makeRulePack } from "../../src/detection/rulePack.js";
import { parseRules } from "../../src/sigma/parse.js";

const session = "33333333-3333-4333-8333-333333333333" as SessionId;
const rule = (id: string, category: string, search: string): string => `
title: ${id}
id: ${id}
level: high
logsource: { category: ${category} }
detection:
  s: ${search}
  condition: s
`;
const rules = makeRulePack([
  parseRules(
    [
      rule("removed", "process_creation", "{ Image|endswith: /rm, CommandLine|contains: ' -rf ' }"),
      rule("key", "file_access", "{ FileName|endswith: /id_rsa, Access: read }"),
      rule("log", "file_delete", "{ TargetFilename|startswith: /var/log/ }"),
      rule("pool", "network_connection", "{ DestinationPort: 3333, Image|endswith: /xmrig }"),
      rule("moved", "file_rename", "{ TargetFilename: /d }"),
      rule("written", "file_event", "{ TargetFilename|endswith: settings.json }"),
      rule("shown", "terminal", "{ Text|contains: SECRET }").replace(
        "category: terminal",
        "product: bodycam, category: terminal",
      ),
    ].join("---"),
    "t.yml",
  ),
]);

const engine = (): Engine => {
  const one = new Engine(rules, session);
  one.onOpen({ cwd: "/home/u/p", platform: "linux" });
  return one;
};
const see = (one: Engine, observation: Observation, at = 1): readonly (readonly [string, string, string])[] =>
  one.onObservation(observation, micros(at), seq(at)).map(row);
const row = (flag: Flag) => [flag.rule.id, flag.confidence, flag.evidence[0]?.source ?? ""] as const;
const exec = (argv: readonly string[], image = `/usr/bin/${argv[0]}`): Observation => ({
  source: "process",
  fact: { what: "exec", pid: 7, ppid: 1, image, argv, cwd: "/home/u/p" },
});
const command = (text: string): Observation => ({
  source: "tool",
  fact: { what: "call", agent: "claude", call: "1", tool: "Bash", command: text, paths: [], input: "" },
});

describe("facts from beyond the terminal", () => {
  test("the rules of this test load", () => {
    expect(rules.problems).toEqual([]);
  });

  test("what the kernel started is confirmed; what a shell among it is told is only requested", () => {
    expect(see(engine(), exec(["rm", "-rf", "x"]))).toEqual([["removed", "confirmed", "process"]]);
    expect(see(engine(), exec(["sh", "-c", "rm -rf x"]))).toEqual([["removed", "requested", "process"]]);
    expect(see(engine(), exec(["cat", "/home/u/.ssh/id_rsa"]))).toEqual([["key", "confirmed", "process"]]);
  });

  test("a tool call is requested", () => {
    expect(see(engine(), command("sudo rm -rf x"))).toEqual([["removed", "requested", "tool-call"]]);
    const read: Observation = {
      source: "tool",
      fact: {
        what: "call",
        agent: "claude",
        call: "1",
        tool: "Read",
        command: undefined,
        paths: ["/home/u/.ssh/id_rsa"],
        input: "",
      },
    };
    expect(see(engine(), read)).toEqual([["key", "requested", "tool-call"]]);
    const write: Observation = {
      source: "tool",
      fact: {
        ...read.fact,
        what: "call",
        agent: "a",
        call: "2",
        tool: "Write",
        command: undefined,
        paths: ["/s/settings.json"],
        input: "",
      },
    };
    expect(see(engine(), write)).toEqual([["written", "requested", "tool-call"]]);
  });

  test("what a tool gave back is text", () => {
    const result: Observation = {
      source: "tool",
      fact: { what: "result", agent: "a", call: "1", failed: false, output: "a\nSECRET\n" },
    };
    expect(see(engine(), result)).toEqual([["shown", "seen", "tool-call"]]);
  });

  test("files and connections carry the program of their process", () => {
    const one = engine();
    see(one, exec(["xmrig"], "/tmp/xmrig"));
    see(one, { source: "process", fact: { what: "fork", pid: 7, child: 8 } });
    const connect: Observation = {
      source: "process",
      fact: { what: "connect", pid: 8, address: "203.0.113.1", port: 3333 },
    };
    expect(see(one, connect)).toEqual([["pool", "confirmed", "network"]]);
    see(one, { source: "process", fact: { what: "exit", pid: 8, code: 0, signal: null } });
    expect(see(one, connect, 99)).toEqual([]);
  });

  test("many deleted files are one flag; a later burst is another", () => {
    const one = engine();
    const remove = (path: string): Observation => ({
      source: "process",
      fact: { what: "delete", pid: 1, path, scope: "outside" },
    });
    expect(see(one, remove("/var/log/a"))).toHaveLength(1);
    expect(see(one, remove("/var/log/b"), 1_000)).toEqual([]);
    expect(see(one, remove("/var/log/c"), 60_000_000)).toHaveLength(1);
  });

  test("a rename", () => {
    const rename: Observation = {
      source: "process",
      fact: { what: "rename", pid: 1, from: "/a", to: "/d", scope: "outside", overwrote: true },
    };
    expect(see(engine(), rename)).toEqual([["moved", "confirmed", "file"]]);
  });

  test("a sensitive file that nobody of the session touched is left alone", () => {
    const fact = { what: "open", path: "/home/u/.ssh/id_rsa", store: "SSH key" } as const;
    const by = { pid: 3, image: "/usr/bin/less", command: "less /home/u/.ssh/id_rsa" };
    expect(see(engine(), { source: "file", fact: { ...fact, by: undefined } })).toEqual([]);
    expect(see(engine(), { source: "file", fact: { ...fact, by } })).toEqual([["key", "confirmed", "file"]]);
  });

  test("the same act seen by several is one flag, though the kernel calls a home by its name", () => {
    const one = engine();
    expect(see(one, command("rm -rf ~/x"))).toHaveLength(1);
    const [known] = one.onObservation(exec(["rm", "-rf", "/home/u/x"]), micros(2), seq(2));
    expect(known?.confidence).toBe("confirmed");
    expect(known?.evidence.map((piece) => piece.source)).toEqual(["tool-call", "process"]);
  });
});
