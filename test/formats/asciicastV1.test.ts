import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AsciicastV1Reader } from "../../src/formats/asciicastV1.js";
import type { Findings } from "../../src/formats/findings.js";
import { hear } from "./reading.js";

const v1 = (findings: Findings) => new AsciicastV1Reader(findings);

const CAST = {
  version: 1,
  width: 100,
  height: 50,
  duration: 10.5,
  command: "/bin/bash",
  title: null,
  env: { TERM: "xterm-256color", SHELL: "/bin/bash" },
  stdout: [
    [0.000001, "ż"],
    [10, 'ó"ł\\ć]}'],
    [0.5, "\r\n"],
  ],
};
const EVENTS = [
  [1, "output", Buffer.from("ż").toString("latin1")],
  [10_000_001, "output", Buffer.from('ó"ł\\ć]}').toString("latin1")],
  [10_500_001, "output", "\r\n"],
];

describe("asciicast version 1", () => {
  it.each([
    ["on one line", JSON.stringify(CAST)],
    ["on many lines", JSON.stringify(CAST, null, 2)],
    [
      "with CRLF and a byte order mark",
      `\ufeff${JSON.stringify(CAST, null, 1).replaceAll("\n", "\r\n")}\r\n`,
    ],
  ])("is read %s", (_, file) => {
    const heard = hear(v1, file, [3]);
    expect(heard.heads).toMatchObject([
      { size: { cols: 100, rows: 50 }, term: "xterm-256color", command: "/bin/bash", startedAt: undefined },
    ]);
    expect(heard.events).toEqual(EVENTS);
    expect(heard.findings).toEqual([]);
  });

  it("is read as far as it goes when it is cut short", () => {
    const file = JSON.stringify(CAST);
    const heard = hear(v1, file.slice(0, file.indexOf("[10,") + 6));
    expect(heard.events).toEqual(EVENTS.slice(0, 1));
    expect(heard.kinds).toEqual(["cut-short"]);
  });

  it("takes a size behind the frames", () => {
    const { width, height, ...rest } = CAST;
    const heard = hear(v1, JSON.stringify({ ...rest, width, height }));
    expect(heard.heads).toMatchObject([{ size: undefined }]);
    expect(heard.events).toEqual([...EVENTS, [10_500_001, "resize", "100x50"]]);
    expect(heard.kinds).toEqual(["size-late"]);
  });

  it("leaves out frames that are none", () => {
    const heard = hear(v1, JSON.stringify({ ...CAST, stdout: [[1, "a"], [1], {}, "b", [["c"]], [1, "d"]] }));
    expect(heard.events).toEqual([
      [1e6, "output", "a"],
      [2e6, "output", "d"],
    ]);
    expect(heard.findings).toMatchObject([{ kind: "bad-event", count: 3 }]);
  });

  it("holds no more than a frame of a hostile one", () => {
    const heard = hear(v1, `{"version":1,"stdout":[[1,"${"x".repeat(17 * 1024 * 1024)}"],[1,"b"]]}`, [65536]);
    expect(heard.events).toEqual([[1e6, "output", "b"]]);
    expect(heard.kinds).toEqual(["event-too-long"]);
    expect(hear(v1, `{"stdout":${"[".repeat(1_000_000)}`, [65536]).kinds).toEqual(["cut-short"]);
  });

  it("reads the same however it is cut into pieces, and never throws", () => {
    const fragment = fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      '"',
      "\\",
      ",",
      ":",
      "1",
      '"stdout":[',
      '[1,"a"],',
      '"width":80',
    );
    const file = fc.oneof(
      fc.array(fragment).map((parts) => parts.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(file, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (text, sizes) => {
        const heard = hear(v1, text, sizes);
        expect(heard).toEqual(hear(v1, text));
        expect(heard.heads).toHaveLength(1);
      }),
    );
  });
});
