import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Flag } from "../../../src/core/flag.js";
import { pack, rule, Told } from "../session.js";

const COOKIES = "/home/u/.config/google-chrome/Default/Cookies";
const rules = pack(
  rule("listed", "category: file_access", "{ TargetFilename|contains: google-chrome, Access: list }"),
  rule("cookies", "category: file_access", "{ TargetFilename|endswith: /Cookies, Access: read }"),
  rule("removed", "category: process_creation", "{ Image|endswith: /rm }"),
  rule("ls", "category: process_creation", "{ Image|endswith: /ls }"),
  rule("gone", "category: file_delete", "{ TargetFilename|startswith: /srv }"),
  rule("shown", "product: bodycam, category: terminal", "{ Text|contains: SECRET }"),
  `title: chain\nid: chain\nlevel: critical\ncorrelation: { type: temporal_ordered, rules: [listed, cookies], timespan: 10m, generate: true }`,
  `title: many\nid: many\nlevel: high\ncorrelation: { type: event_count, rules: [gone], timespan: 1m, condition: { gte: 5 }, generate: true }`,
);

const of = (told: Told, id: string): readonly Flag[] => told.flags.filter((flag) => flag.rule.id === id);
const sources = (flag: Flag | undefined): readonly string[] => [
  ...new Set(flag?.evidence.map((piece) => piece.source)),
];

describe("one act told by several", () => {
  test("the rules of this test load", () => expect(rules.problems).toEqual([]));

  test("in whatever order word of it comes, it is one flag, confirmed, with each source", () => {
    const words: readonly ((told: Told, second: number) => unknown)[] = [
      (told, second) => told.screen("• Ran cp ~/.config/google-chrome/Default/Cookies /tmp/c", second),
      (told, second) => told.call("1", "cp ~/.config/google-chrome/Default/Cookies /tmp/c", second),
      (told, second) => told.exec(7, 5, ["bash", "-lc", `cp ${COOKIES} /tmp/c`], second),
      (told, second) => told.exec(8, 7, ["/usr/bin/cp", COOKIES, "/tmp/c"], second),
      (told, second) =>
        told.file(
          {
            what: "open",
            path: COOKIES,
            store: "Chrome's cookies",
            by: { pid: 8, image: "/usr/bin/cp", command: `cp ${COOKIES} /tmp/c` },
          },
          second,
        ),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }), (order) => {
        const told = new Told(rules);
        for (const [second, word] of order.entries()) words[word]?.(told, second);
        const flags = of(told, "cookies");
        expect(flags).toHaveLength(1);
        expect(flags[0]?.confidence).toBe("confirmed");
        expect(new Set(sources(flags[0]))).toEqual(new Set(["screen", "tool-call", "process", "file"]));
        expect(flags[0]?.at).toBe(0);
      }),
    );
  });

  test("the flag keeps its id while it grows, and is given again only when more is known", () => {
    const told = new Told(rules);
    const [first] = told.screen("$ rm /a", 1);
    const [second] = told.exec(7, 1, ["rm", "/a"], 2);
    expect(second?.id).toBe(first?.id);
    expect([first?.confidence, second?.confidence]).toEqual(["seen", "confirmed"]);
    expect(told.screen("• Ran rm /a", 3)).toEqual([]);
  });

  test("the same command minutes apart is two acts, each with its own evidence", () => {
    const told = new Told(rules);
    for (const start of [0, 200]) {
      told.call(`${start}`, "ls /x", start);
      told.exec(start + 7, 1, ["ls", "/x"], start + 1);
      told.screen("• Ran ls /x", start + 2);
    }
    const flags = of(told, "ls");
    expect(flags.map((flag) => [flag.at, flag.confidence])).toEqual([
      [0, "confirmed"],
      [200_000_000, "confirmed"],
    ]);
    expect(new Set(flags.map((flag) => flag.id)).size).toBe(2);
    for (const flag of flags)
      expect(flag.evidence.every((piece) => piece.at - flag.at < 10_000_000)).toBe(true);
  });

  test("two calls of the same command at once are two acts, and their starts belong to them in order", () => {
    const told = new Told(rules);
    told.call("a", "rm /x", 0);
    told.call("b", "rm /x", 0.1);
    told.exec(7, 1, ["rm", "/x"], 1);
    told.exec(8, 1, ["rm", "/x"], 2);
    expect(of(told, "removed").map((flag) => flag.evidence.map((piece) => piece.at))).toEqual([
      [0, 1_000_000],
      [100_000, 2_000_000],
    ]);
  });

  test("an approval may stand between a call and what it starts", () => {
    const told = new Told(rules);
    told.call("a", "rm -rf ~/old/*", 0);
    told.exec(7, 1, ["bash", "-lc", "rm -rf ~/old/*"], 300);
    told.exec(8, 7, ["rm", "-rf", "/home/u/old/a", "/home/u/old/b"], 300);
    expect(of(told, "removed").map((flag) => [flag.at, flag.confidence])).toEqual([[0, "confirmed"]]);
  });

  test("what a shell was told to run and what it starts are one act, in a home of any name", () => {
    const told = new Told(rules);
    told.exec(7, 1, ["zsh", "-c", "eval 'rm ~/old/*'"], 0);
    told.exec(8, 7, ["rm", "/data/anna/old/a", "/data/anna/old/b"], 1);
    told.call("a", "rm ~/old/*", 2);
    const [flag, ...more] = of(told, "removed");
    expect(more).toEqual([]);
    expect(flag?.confidence).toBe("confirmed");
    expect(sources(flag)).toEqual(["process", "tool-call"]);
  });

  test("what a loop in a script starts is one act", () => {
    const told = new Told(rules);
    told.exec(7, 1, ["bash", "clean.sh"], 0);
    for (let n = 0; n < 500; n++) told.exec(100 + n, 7, ["rm", `/x/${n}`], 1 + n / 100);
    expect(of(told, "removed")).toHaveLength(1);
  });

  test("what a program deletes is one act, counted file by file", () => {
    const told = new Told(rules);
    told.call("a", "rm -rf /srv/data", 0);
    told.exec(7, 1, ["rm", "-rf", "/srv/data"], 1);
    for (let n = 0; n < 50; n++)
      told.process({ what: "delete", pid: 7, path: `/srv/data/${n}`, scope: "outside" }, 1 + n / 100);
    expect(of(told, "gone").map((flag) => flag.confidence)).toEqual(["confirmed"]);
    expect(of(told, "many")).toHaveLength(1);
    expect(told.given).toBeLessThan(12);
  });

  test("chains count acts, not words of them", () => {
    const told = new Told(rules);
    // One deletion told three times is one.
    told.call("a", "rm /srv/1", 0);
    told.exec(7, 1, ["rm", "/srv/1"], 1);
    told.screen("• Ran rm /srv/1", 1);
    told.process({ what: "delete", pid: 7, path: "/srv/1", scope: "outside" }, 1);
    told.screen("$ rm /srv/2", 2);
    expect(of(told, "many")).toEqual([]);
  });

  test("a chain is as certain as its least certain step, and grows with it", () => {
    const told = new Told(rules);
    told.screen("$ ls ~/.config/google-chrome", 1);
    told.exec(9, 1, ["cat", COOKIES], 3);
    expect(of(told, "chain").map((flag) => flag.confidence)).toEqual(["seen"]);
    const again = told.exec(10, 1, ["ls", "/home/u/.config/google-chrome"], 4);
    const [chain, ...more] = of(told, "chain");
    expect(more).toEqual([]);
    expect(chain?.confidence).toBe("confirmed");
    expect(chain?.evidence.map((piece) => piece.source)).toEqual(["process", "process"]);
    expect(again.map((flag) => flag.rule.id)).toContain("chain");
  });

  test("text shown again is not news; a dump is one flag", () => {
    const told = new Told(rules);
    for (let n = 0; n < 100; n++) told.screen(`SECRET ${n}`, n / 50);
    expect(told.given).toBe(1);
    told.screen("SECRET 5", 500);
    expect(told.given).toBe(1);
  });

  test("the same facts give the same flags", () => {
    const word = fc.oneof(
      fc.tuple(fc.constant("screen"), fc.constantFrom("rm /a", "ls /b", "cat x/Cookies")),
      fc.tuple(fc.constant("call"), fc.constantFrom("rm /a", "ls /b; rm /a", "cat x/Cookies")),
      fc.tuple(fc.constant("exec"), fc.constantFrom("rm /a", "ls /b", "cat x/Cookies")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.nat(90)), { maxLength: 40 }), (words) => {
        const run = (): Told => {
          const told = new Told(rules);
          let second = 0;
          for (const [place, [[kind, text], after]] of words.entries()) {
            second += after;
            if (kind === "screen") told.screen(`$ ${text}`, second);
            else if (kind === "call") told.call(`${place}`, text, second);
            else told.exec(100 + place, 1, text.split(" "), second);
          }
          told.end();
          return told;
        };
        const told = run();
        expect(run().flags).toEqual(told.flags);
        // No flag is more certain than its surest evidence, and each piece is there once.
        for (const flag of told.flags.filter((one) => one.rule.id !== "chain"))
          expect(flag.evidence.some((piece) => piece.confidence === flag.confidence)).toBe(true);
      }),
    );
  });
});
