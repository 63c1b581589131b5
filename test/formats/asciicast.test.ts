import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsciicastReader } from "../../src/formats/asciicast.js";
import type { Findings } from "../../src/formats/findings.js";
import { hear, type Told } from "./reading.js";

const v2 = (findings: Findings) => new AsciicastReader(2, findings);
const v3 = (findings: Findings) => new AsciicastReader(3, findings);
const V2 = '{"version":2,"width":100,"height":50}\n';
const V3 = '{"version":3,"term":{"cols":100,"rows":50}}\n';

describe("asciicast version 2", () => {
  it("gives events at their times", () => {
    const heard = hear(
      v2,
      `${V2}[0.000001, "o", "a"]\n[1.5,"i","\\n"]\n[2,"r","80x40"]\n[2.5,"m","here"]\n[3,"x","7"]\n`,
    );
    expect(heard.heads).toMatchObject([{ size: { cols: 100, rows: 50 }, startedAt: undefined }]);
    expect(heard.events).toEqual([
      [1, "output", "a"],
      [1_500_000, "input", "\n"],
      [2_000_000, "resize", "80x40"],
      [2_500_000, "notice", "marker: here"],
    ]);
    expect(heard.exits).toEqual([{ by: "exit", code: 7 }]);
    expect(heard.findings).toEqual([]);
  });

  it("takes what the header says", () => {
    const header = {
      version: 2,
      width: 80,
      height: 24,
      timestamp: 1504467315,
      command: "make test",
      env: { TERM: "xterm", SHELL: null },
    };
    const { heads } = hear(v2, `${JSON.stringify(header)}\n`);
    expect(heads).toMatchObject([
      { size: { cols: 80, rows: 24 }, term: "xterm", command: "make test", startedAt: 1504467315e6 },
    ]);
  });

  it("takes CRLF, a byte order mark, blank lines and a last line without an end", () => {
    const heard = hear(v2, `\ufeff${V2}\r\n\n[1,"o","a"]\r\n   \n[2,"o","b"]`);
    expect(heard.events).toEqual([
      [1_000_000, "output", "a"],
      [2_000_000, "output", "b"],
    ]);
    expect(heard.heads[0]?.size).toEqual({ cols: 100, rows: 50 });
    expect(heard.findings).toEqual([]);
  });

  it("leaves out a last line that is cut, and says so", () => {
    const heard = hear(v2, `${V2}[1,"o","a"]\n[2,"o","b`);
    expect(heard.events).toEqual([[1_000_000, "output", "a"]]);
    expect(heard.findings).toEqual([{ kind: "cut-short", count: 1, first: 3, bytes: 9 }]);
  });

  it("keeps events of unknown kinds as they stand", () => {
    const heard = hear(v2, `${V2}[1,"z","d\\u0061ta"]\n[2, "q", {"a": [1, 2]}]\n[3,"x","gone"]\n`);
    expect(heard.events).toEqual([
      [1_000_000, "notice", 'foreign: "z","d\\u0061ta"'],
      [2_000_000, "notice", 'foreign: "q", {"a": [1, 2]}'],
      [3_000_000, "notice", 'foreign: "x","gone"'],
    ]);
    expect(heard.kinds).toEqual(["unknown-code", "bad-exit"]);
  });

  it.each([
    ["no JSON", "what?"],
    ["no array", '{"time":1}'],
    ["nothing in it", "[]"],
    ["time only", "[1]"],
    ["a text as time", '["1","o","a"]'],
    ["no time", '[null,"o","a"]'],
    ["too much in it", '[1,"o","a","b"]'],
    ["something behind it", '[1,"o","a"] b'],
    ["output that is no text", '[1,"o",5'],
    ["an escape that is none", '[1,"o","\\x"]'],
  ])("leaves out a line with %s", (_, line) => {
    const heard = hear(v2, `${V2}${line}\n[9,"o","after"]\n`);
    expect(heard.events).toEqual([[9_000_000, "output", "after"]]);
    expect(heard.findings).toMatchObject([{ kind: "bad-event", count: 1, first: 2 }]);
  });

  it.each(["0x0", "-1x5", "80", "99999x99999", "axb", ""])("leaves out the size %j", (size) => {
    const heard = hear(v2, `${V2}[1,"r",${JSON.stringify(size)}]\n`);
    expect(heard.events).toEqual([]);
    expect(heard.kinds).toEqual(["bad-resize"]);
  });

  it.each([
    ['{"version":2}\n', []],
    ['{"version":2,"width":0,"height":24}\n', ["bad-header"]],
    ['{"version":2,"width":"80","height":24}\n', ["bad-header"]],
    ["", ["bad-header"]],
  ])("has no size where the header %j gives none", (header, kinds) => {
    const heard = hear(v2, header);
    expect(heard.heads).toMatchObject([{ size: undefined }]);
    expect(heard.kinds).toEqual(kinds);
  });

  it("never runs backwards, nor far off", () => {
    const times = [5, 3, 6, 1e300, -4, 7, 1e12];
    const lines = times.map((time) => `[${time},"o","x"]\n`).join("");
    const heard = hear(v2, V2 + lines);
    expect(heard.events.map(([at]) => at / 1e6)).toEqual([5, 5, 6, 6, 6, 7, 7]);
    expect(heard.findings).toEqual([
      { kind: "time-backwards", count: 2, first: 3, bytes: 0 },
      { kind: "time-too-far", count: 2, first: 5, bytes: 0 },
    ]);
  });

  it("keeps bytes that are no UTF-8, and controls that are not escaped", () => {
    const file = Buffer.concat([
      Buffer.from(`${V2}[1,"o","a`),
      Buffer.of(0xff, 0x1b, 0xc3),
      Buffer.from('\\n\\u00e9\\ud83d\\ude00\\\\"]\n'),
      Buffer.from('[2,"o","tab\t."]\n'),
    ]);
    const heard = hear(v2, file);
    const text = Buffer.from("\né😀\\").toString("latin1");
    expect(heard.events).toEqual([
      [1_000_000, "output", `a\u00ff\u001b\u00c3${text}`],
      [2_000_000, "output", "tab\t."],
    ]);
    expect(heard.kinds).toEqual(["not-utf8"]);
  });

  it("puts U+FFFD for half characters", () => {
    const heard = hear(v2, `${V2}[1,"o","\\ud83d!"]\n`);
    expect(heard.events).toEqual([[1_000_000, "output", Buffer.from("\ufffd!").toString("latin1")]]);
    expect(heard.kinds).toEqual(["bad-text"]);
  });

  it("leaves out events that are too long, and goes on", () => {
    const long = `[1,"o","${"x".repeat(17 * 1024 * 1024)}"]\n`;
    const heard = hear(v2, `${V2}${long}[2,"o","b"]\n`, [65536]);
    expect(heard.events).toEqual([[2_000_000, "output", "b"]]);
    expect(heard.findings).toEqual([{ kind: "event-too-long", count: 1, first: 2, bytes: long.length - 1 }]);
  });

  it.each([
    ["deep", `[1,"z",${"[".repeat(60_000)}]\n`],
    ["rich", `[1,"z",[${"{},".repeat(20_000)}0]]\n`],
    ["deep, in the header", undefined],
  ])("refuses JSON that is %s", (_, line) => {
    const header = line === undefined ? `{"version":2,"env":${"[".repeat(200_000)}\n` : V2;
    const heard = hear(v2, `${header}${line ?? ""}[2,"o","b"]\n`);
    expect(heard.events).toEqual([[2_000_000, "output", "b"]]);
    expect(heard.findings).toHaveLength(1);
  });
});

describe("asciicast version 3", () => {
  it("adds intervals up, and takes comments", () => {
    const heard = hear(
      v3,
      `${V3}[0.248,"o","a"]\n# a comment\n[1.001,"m",""]\n[0.1,"o","b"]\n[0.9,"x","0"]\n`,
    );
    expect(heard.events).toEqual([
      [248_000, "output", "a"],
      [1_249_000, "notice", "marker: "],
      [1_349_000, "output", "b"],
    ]);
    expect(heard.exits).toEqual([{ by: "exit", code: 0 }]);
    expect(heard.findings).toEqual([{ kind: "comment", count: 1, first: 3, bytes: 0 }]);
  });

  it("does not run backwards", () => {
    const heard = hear(v3, `${V3}[2,"o","a"]\n[-1,"o","b"]\n[1,"o","c"]\n`);
    expect(heard.events.map(([at]) => at)).toEqual([2e6, 2e6, 3e6]);
    expect(heard.kinds).toEqual(["time-backwards"]);
  });
});

const eventLines = fc.array(
  fc.tuple(
    fc.double({ min: -1, max: 1e4, noNaN: true }),
    fc.constantFrom("o", "i", "m", "z"),
    fc.string({ unit: "binary" }),
  ),
);

describe("any file", () => {
  it("reads the same however it is cut into pieces", () => {
    fc.assert(
      fc.property(eventLines, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (lines, sizes) => {
        const file = V2 + lines.map((line) => `${JSON.stringify(line)}\n`).join("");
        expect(hear(v2, file, sizes)).toEqual(hear(v2, file));
      }),
    );
  });

  it("gives what JSON gives", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const file = V2 + texts.map((text) => `[1,"o",${JSON.stringify(text)}]\n`).join("");
        const wanted = texts.map((text): Told => [1e6, "output", Buffer.from(text).toString("latin1")]);
        expect(hear(v2, file).events).toEqual(wanted);
      }),
    );
  });

  it.each([
    ["2", v2, V2],
    ["3", v3, V3],
  ])("never throws: version %s", (_, make, header) => {
    const fragment = fc.constantFrom(
      ...[
        "[",
        "]",
        "{",
        '"',
        "\\",
        ",",
        "o",
        "1",
        "-",
        "e9",
        "\n",
        "\r",
        "#",
        "\\u",
        "d800",
        '[1,"o","',
        '"]\n',
        "\x1b",
      ],
    );
    const line = fc.oneof(
      fc.array(fragment).map((parts) => Buffer.from(parts.join(""))),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(`${json}\n`)),
    );
    fc.assert(
      fc.property(fc.boolean(), fc.array(line), (headed, lines) => {
        const file = Buffer.concat([Buffer.from(headed ? header : ""), ...lines]);
        const heard = hear(make, file, [7]);
        expect(heard.heads).toHaveLength(1);
        const times = heard.events.map(([at]) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
