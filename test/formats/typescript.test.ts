import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Findings } from "../../src/formats/findings.js";
import { TimedTypescriptReader, TypescriptReader } from "../../src/formats/typescript.js";
import { hear, sourceOf } from "./reading.js";

const START =
  'Script started on 2026-11-25 03:26:25+00:00 [COMMAND="make \\"all\\"" TERM="xterm-256color" TTY="/dev/pts/1" COLUMNS="120" LINES="40"]\n';
const DONE = '\nScript done on 2026-11-25 03:26:30+00:00 [COMMAND_EXIT_CODE="3"]\n';

const timed = (typescript: string, input?: string) => (findings: Findings) =>
  new TimedTypescriptReader(
    sourceOf(Buffer.from(typescript, "latin1")),
    input === undefined ? undefined : sourceOf(input),
    findings,
  );

describe("a typescript with its timing", () => {
  it("is read in the classic form", () => {
    const heard = hear(timed(`${START}ab\xffcd${DONE}`), "0.5 3\n1.250000 2\n", [4]);
    expect(heard.heads).toMatchObject([
      {
        size: { cols: 120, rows: 40 },
        term: "xterm-256color",
        command: 'make \\"all\\"',
        startedAt: Date.UTC(2026, 10, 25, 3, 26, 25) * 1000,
      },
    ]);
    expect(heard.events).toEqual([
      [500_000, "output", "ab\xff"],
      [1_750_000, "output", "cd"],
    ]);
    expect(heard.exits).toEqual([{ by: "exit", code: 3 }]);
    expect(heard.findings).toEqual([]);
  });

  it("is read in the advanced form: input, signals, sizes, headers", () => {
    const timing = [
      "H 0.000000 START_TIME 2026-11-25 03:26:25+00:00",
      "H 0.000000 TERM screen",
      "H 0.000000 COLUMNS 100",
      "H 0.000000 LINES 30",
      "H 0.000000 COMMAND cat; exit 5",
      "H 0.000000 OUTPUT_LOG both.log",
      "H 0.000000 INPUT_LOG both.log",
      "I 0.1 3",
      "O 0.2 4",
      "S 0.3 SIGWINCH ROWS=31 COLS=101",
      "S 0.1 SIGTERM",
      "H 0.000000 DURATION 0.7",
      "H 0.000000 EXIT_CODE 5",
    ];
    const heard = hear(timed(`Script started\nls\nls\r\n${DONE}`), `${timing.join("\r\n")}\r\n`, [9]);
    expect(heard.heads).toMatchObject([
      { size: { cols: 100, rows: 30 }, term: "screen", command: "cat; exit 5" },
    ]);
    expect(heard.events).toEqual([
      [100_000, "input", "ls\n"],
      [300_000, "output", "ls\r\n"],
      [600_000, "resize", "101x31"],
      [700_000, "signal", "SIGTERM"],
    ]);
    expect(heard.exits).toEqual([{ by: "exit", code: 5 }]);
    expect(heard.findings).toEqual([]);
  });

  it("takes input from a file of its own, or says that it is missing", () => {
    const timing = "O 0.1 1\nI 0.1 2\nO 0.1 1\n";
    expect(hear(timed(`${START}ab`, `${START}xy`), timing).events.map(([, , text]) => text)).toEqual([
      "a",
      "xy",
      "b",
    ]);
    const without = hear(timed(`${START}ab`), timing);
    expect(without.events.map(([, , text]) => text)).toEqual(["a", "b"]);
    expect(without.findings).toEqual([{ kind: "input-missing", count: 1, first: 2, bytes: 2 }]);
  });

  it("keeps what the timing does not speak of, and tells what is not there", () => {
    const more = hear(timed(`${START}abcdef${DONE}`), "0.5 2\n");
    expect(more.events).toEqual([
      [500_000, "output", "ab"],
      [500_000, "output", "cdef"],
    ]);
    expect(more.exits).toEqual([{ by: "exit", code: 3 }]);
    expect(more.kinds).toEqual(["data-left"]);
    const less = hear(timed(`${START}ab`), "0.5 2\n1 99999999999999\n");
    expect(less.events).toEqual([[500_000, "output", "ab"]]);
    expect(less.findings).toEqual([{ kind: "data-missing", count: 1, first: 2, bytes: 99999999999999 }]);
  });

  it("leaves out timing lines that say nothing", () => {
    const heard = hear(timed(`${START}abc`), "0.5 1\nhello\nO x 1\n-3 1\n0.1 1\nO 0.");
    expect(heard.events.map(([at, , text]) => [at, text])).toEqual([
      [500_000, "a"],
      [500_000, "b"],
      [600_000, "c"],
    ]);
    expect(heard.kinds).toEqual(["bad-timing", "time-backwards", "cut-short"]);
  });
});

describe("a typescript without timing", () => {
  const plain = (findings: Findings) => new TypescriptReader(findings);

  it("is all at the start", () => {
    const heard = hear(plain, `${START}hello\r\nworld\r\n${DONE}`, [11]);
    expect(heard.events.every(([at, kind]) => at === 0 && kind === "output")).toBe(true);
    expect(heard.events.map(([, , text]) => text).join("")).toBe("hello\r\nworld\r\n");
    expect(heard.exits).toEqual([{ by: "exit", code: 3 }]);
    expect(heard.kinds).toEqual(["no-timing"]);
  });

  it("keeps all bytes, wherever it is cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 700 }), (data, size) => {
        const heard = hear(plain, Buffer.concat([Buffer.from(START), data]), [size]);
        expect(heard.events.map(([, , text]) => text).join("")).toBe(Buffer.from(data).toString("latin1"));
      }),
    );
  });
});

it("never throws", () => {
  const word = fc.constantFrom(
    "O",
    "I",
    "S",
    "H",
    "0.1",
    "-1",
    "9999999999999",
    "5",
    "SIGWINCH",
    "\n",
    " ",
    "x",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(word), fc.string(), (words, typescript) => {
      const heard = hear(timed(typescript), words.join(" "), [5]);
      expect(heard.heads).toHaveLength(1);
    }),
  );
});
