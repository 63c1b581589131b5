import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventBody, SessionEvent } from "../../src/core/event.js";
import type { Flag } from "../../src/core/flag.js";
import { micros } from "../../src/core/units.js";
import { AsciicastReader } from "../../src/formats/asciicast.js";
import { writeAsciicast } from "../../src/formats/asciicastWriter.js";
import { Findings } from "../../src/formats/findings.js";
import { SESSION } from "../recording/support.js";
import { facts, importFile, input, output, session } from "./sessions.js";

function write(
  events: Iterable<SessionEvent>,
  version: 2 | 3,
  options: { readonly startedAt?: number; readonly flags?: readonly Flag[] } = {},
): { readonly lines: readonly string[]; readonly file: string; readonly findings: Findings["all"] } {
  const findings = new Findings();
  const { startedAt = 1_700_000_000_123_456, flags = [] } = options;
  const file = [...writeAsciicast(events, { version, startedAt, flags }, findings)].join("");
  return { lines: file.split("\n").slice(0, -1), file, findings: findings.all };
}

const read = (version: 2 | 3, file: string) =>
  importFile(
    version === 2 ? "asciicast-v2" : "asciicast-v3",
    (found) => new AsciicastReader(version, found),
    file,
  );

const flag = (at: number, sentence: string): Flag => ({
  id: "f",
  session: SESSION,
  rule: { id: "r", title: "t", level: "high", tags: [], sentence },
  at: micros(at),
  confidence: "seen",
  evidence: [],
});

describe("an asciicast", () => {
  const events = session([
    [248_000, output("a\u001b[1m")],
    [248_001, input("\r")],
    [1_000_000, { kind: "resize", size: { cols: 90, rows: 30, xpixel: 0, ypixel: 0 } }],
    [2_500_000, { kind: "notice", notice: { what: "marker", detail: "here" } }],
    [3_000_000, { kind: "end", exit: { by: "exit", code: 3 } }],
  ]);

  it("of version 3 has intervals", () => {
    expect(write(events, 3).lines).toEqual([
      '{"version":3,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1700000000,"command":"agent --task \'tidy up\'"}',
      '[0.248, "o", "a\\u001b[1m"]',
      '[0.000001, "i", "\\r"]',
      '[0.751999, "r", "90x30"]',
      '[1.500, "m", "here"]',
      '[0.500, "x", "3"]',
    ]);
  });

  it("of version 2 has times since the start", () => {
    expect(write(events, 2).lines).toEqual([
      '{"version":2,"width":80,"height":24,"timestamp":1700000000,"command":"agent --task \'tidy up\'","env":{"TERM":"xterm-256color"}}',
      '[0.248, "o", "a\\u001b[1m"]',
      '[0.248001, "i", "\\r"]',
      '[1.000, "r", "90x30"]',
      '[2.500, "m", "here"]',
      '[3.000, "x", "3"]',
    ]);
  });

  it("has the flags as markers, in their places", () => {
    const flags = [flag(250_000, "The agent\u001b[2J did it."), flag(9_000_000, "Late.")];
    const { lines } = write(events, 2, { flags });
    expect(lines.filter((line) => line.includes('"m"'))).toEqual([
      '[0.250, "m", "high: The agent·[2J did it."]',
      '[2.500, "m", "here"]',
      '[9.000, "m", "high: Late."]',
    ]);
    expect(lines.findIndex((line) => line.includes("did it"))).toBe(3);
  });

  it("keeps a character whole that two events share, and says which bytes it can't hold", () => {
    const { lines, findings } = write(
      session([
        [1, output(Buffer.from("e282", "hex"))],
        [2, input("x")],
        [3, output(Buffer.from("acff0affe2", "hex"))],
      ]),
      2,
    );
    expect(lines.slice(1)).toEqual([
      '[0.000001, "o", ""]',
      '[0.000002, "i", "x"]',
      '[0.000003, "o", "€\ufffd\\n\ufffd"]',
      '[0.000003, "o", "\ufffd"]',
    ]);
    expect(findings).toEqual([{ kind: "replaced-bytes", count: 2, first: undefined, bytes: 3 }]);
  });

  it("tells of gaps with markers, and of all else that it can't hold", () => {
    const gap = {
      reason: "disk-full",
      detail: "",
      from: micros(0),
      to: micros(1),
      outputBytes: 70,
      inputBytes: 7,
    } as const;
    const { lines, findings } = write(
      session([
        [1, { kind: "gap", gap }],
        [2, { kind: "masked", bytes: 9 }],
        [3, { kind: "suspend" }],
        [4, { kind: "notice", notice: { what: "import", detail: "x" } }],
        [5, { kind: "notice", notice: { what: "foreign", detail: '"o", "a"]\n[9, "o"' } }],
        [6, { kind: "end", exit: { by: "signal", signal: "SIGTERM", number: 15 } }],
      ]),
      3,
    );
    expect(lines.slice(1)).toEqual([
      '[0.000001, "m", "77 bytes are missing here"]',
      '[0.000005, "x", "143"]',
    ]);
    expect(findings.map(({ kind }) => kind)).toEqual(["masked-left", "event-left"]);
  });

  it("escapes what a terminal could act on or nobody would see", () => {
    const { file } = write(session([[1, output("\u007f\u009b31m\u202e\u2028\u200b😀")]]), 3);
    expect(file).toContain('"\\u007f\\u009b31m\\u202e\\u2028\\u200b😀"');
  });

  it.each([2, 3] as const)("of version %s is read again as it was", (version) => {
    const body = fc.oneof(
      fc.string({ unit: "binary" }).map((text): EventBody => output(text)),
      fc.string({ unit: "grapheme" }).map((text): EventBody => input(text)),
      fc
        .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }))
        .map(([cols, rows]): EventBody => ({ kind: "resize", size: { cols, rows, xpixel: 0, ypixel: 0 } })),
      fc.string().map((detail): EventBody => ({ kind: "notice", notice: { what: "marker", detail } })),
      fc.tuple(fc.constantFrom("z", "q q"), fc.json({ maxDepth: 3 })).map(([code, data]): EventBody => {
        return { kind: "notice", notice: { what: "foreign", detail: `${JSON.stringify(code)}, ${data}` } };
      }),
    );
    const pauses = fc.oneof(fc.nat(3), fc.nat(5_000_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(pauses, body)), fc.integer({ min: -1, max: 300 }), (list, code) => {
        let at = 0;
        const timed = list.map(([pause, one]) => {
          at += pause;
          return [at, one] as const;
        });
        const exit: EventBody = { kind: "end", exit: code < 0 ? { by: "unknown" } : { by: "exit", code } };
        const given = session([...timed, [at, exit]]);
        const written = write(given, version);
        expect(written.findings).toEqual([]);
        const { events, startedAt } = read(version, written.file);
        expect(facts(events).slice(1)).toEqual(facts(given).slice(1));
        // Once more: now the header is the one that was read.
        expect(write(events, version, { startedAt }).file).toBe(written.file);
      }),
    );
  });
});

describe("a header that was imported", () => {
  it.each([
    [
      2,
      '{"version":2,"width":10,"height":5,"title":"T","idle_time_limit":2.5,"tags":["a"],"env":{"TERM":"vt100","X":"y"},"theme":{"fg":"#000000","bg":"#ffffff","palette":"p"}}',
    ],
    [
      3,
      '{"version":3,"term":{"version":"VTE","cols":10,"rows":5,"type":"vt100","theme":{"fg":"#000000"}},"timestamp":1700000000,"command":"x | y","title":"T","env":{"X":"y"}}',
    ],
  ] as const)("is written again: version %s", (version, header) => {
    const { events, startedAt } = read(version, `${header}\n`);
    const again = write(events, version, { startedAt }).lines[0] ?? "";
    expect(JSON.parse(again)).toEqual(JSON.parse(header));
  });

  it("becomes one of the other version", () => {
    const header =
      '{"version":2,"width":10,"height":5,"env":{"TERM":"vt100","N":null},"theme":{"fg":"#000000"},"title":"T"}';
    const { events, startedAt } = read(2, `${header}\n`);
    expect(JSON.parse(write(events, 3, { startedAt }).lines[0] ?? "")).toEqual({
      version: 3,
      term: { cols: 10, rows: 5, type: "vt100", theme: { fg: "#000000" } },
      env: { TERM: "vt100" },
      title: "T",
    });
  });
});
