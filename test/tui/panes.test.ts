import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Flag } from "../../src/core/flag.js";
import type { ProcessFact } from "../../src/core/observation.js";
import { micros, seq } from "../../src/core/units.js";
import { openRecording } from "../../src/recording/reader.js";
import { makeScreenCache } from "../../src/replay/makeScreenCache.js";
import { openScreenCache, writeScreenCache } from "../../src/replay/screenCache.js";
import { record } from "../recording/support.js";
import { flag, type Step, session } from "../replay/sessions.js";
import { Seat } from "./seat.js";

const process = (fact: ProcessFact): Step => [
  500,
  { kind: "observation", observation: { source: "process", fact } },
];
const exec = (pid: number, ppid: number, ...argv: string[]): Step =>
  process({ what: "exec", pid, ppid, image: `/usr/bin/${argv[0]}`, argv, cwd: "/home/me" });

const STEPS: readonly Step[] = [
  [0, "$ agent\r\nListed 1 directory\r\n"],
  [
    500,
    {
      kind: "observation",
      observation: {
        source: "tool",
        fact: {
          what: "call",
          agent: "codex",
          call: "c1",
          tool: "shell",
          command: "ls profiles",
          paths: [],
          input: "{}",
        },
      },
    },
  ],
  exec(10, 1, "sh", "-c", "ls profiles"),
  exec(11, 10, "ls", "profiles"),
  process({ what: "exit", pid: 11, code: 2, signal: null }),
  [500, { kind: "input", data: new TextEncoder().encode("yes please\r") }],
  [500, "needle one\r\n"],
  [500, "\x1b[2J\x1b[Hother\r\n"],
  [500, "needle two\r\n"],
  [60_000, "the end\r\n"],
];

const hidden: Flag = {
  ...flag("ls profiles", 4, 1500),
  confidence: "confirmed",
  evidence: [
    {
      source: "process",
      at: micros(1_500_000),
      seq: seq(4),
      summary: "ls profiles",
      fields: { Image: "/usr/bin/ls" },
    },
  ],
};
const SHOW = { events: session(STEPS, 80, 24), flags: [hidden, flag("needle one", 7, 3000)] };

describe("behind the screen", () => {
  it("says so when a flagged act was never shown, and explains the flag", async () => {
    const seat = new Seat(SHOW, 100, 30);
    await seat.until((shown) => shown.includes("not shown on screen the kernel saw ls profiles"));
    seat.type("f");
    const text = await seat.until((shown) => shown.includes("Evidence"));
    for (const part of [
      "confirmed: the system saw it happen",
      "Image: /usr/bin/ls",
      "T1539 Steal Web Session Cookie",
    ])
      expect(text).toContain(part);
    expect(text).toContain("Listed 1 directory");
    seat.type("]");
    await seat.until((shown) => shown.includes("flag 2/2") && shown.includes("seen: text on the screen"));
    expect(seat.screen.text()).not.toContain("not shown on screen");
    seat.type("\x1b");
    await seat.until((shown) => !shown.includes("Evidence"));
    await seat.quit();
  });

  it("lists calls and processes in step with the screen, as a tree", async () => {
    const seat = new Seat(SHOW, 100, 30);
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("a");
    const text = await seat.until((shown) => shown.includes("» shell: ls profiles"));
    expect(text).toContain("$ sh -c ls profiles");
    expect(text).toContain("  $ ls profiles");
    expect(text).not.toContain("exit 2");
    seat.type("e");
    await seat.until((shown) => shown.includes("exit 2"));
    seat.type("EEE");
    await seat.until((shown) => !shown.includes("$ sh -c") && shown.includes("» shell"));
    await seat.quit();
  });

  it("fills a narrow terminal, and leaves again", async () => {
    const seat = new Seat(SHOW, 50, 20);
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("f");
    await seat.until((shown) => shown.includes("Evidence"));
    seat.type("f");
    await seat.until((shown) => shown.includes("Listed 1"));
    await seat.quit();
  });
});

describe("the search", () => {
  it("goes through what was shown, typed and run, marks it, and goes from hit to hit", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("/needle [a-z]+\r");
    const text = await seat.until((shown) => shown.includes("hit 1/2 on the screen"));
    expect(text).toContain("┇");
    const row = text.split("\n").findIndex((line) => line.startsWith("needle one"));
    expect(seat.screen.cell(row, 0).style.bg).toEqual({ kind: "palette", index: 10 });
    seat.type("n");
    await seat.until((shown) => shown.includes("hit 2/2") && shown.includes("needle two"));
    seat.type("n");
    await seat.until((shown) => shown.includes("hit 1/2") && shown.includes("needle one"));
    seat.type("/yes pl.ase\r");
    await seat.until((shown) => shown.includes("hit 1/1 typed"));
    seat.type("/sh -c\r");
    await seat.until((shown) => shown.includes("run"));
    seat.type("/(\r");
    await seat.until((shown) => shown.includes("can't be looked for"));
    seat.type("\x1b");
    await seat.until((shown) => shown.includes("hit 1/1"));
    seat.type("\x1b");
    await seat.until((shown) => !shown.includes("hit 1/1"));
    await seat.quit();
  });
});

describe("the mouse", () => {
  it("seeks on the timeline, scrolls, zooms, and is let go at the end", async () => {
    const seat = new Seat(SHOW);
    await seat.until((shown) => shown.includes("flag 1/2"));
    seat.type("i\x1b[<0;80;23M");
    await seat.until((shown) => shown.includes("1:04") && shown.includes("the end"));
    seat.type("\x1b[<0;1;23M\x1b[<0;1;23m");
    await seat.until((shown) => shown.includes("0:00.4"));
    seat.type("\x1b[<65;1;5M");
    await seat.until((shown) => shown.includes("0:05."));
    seat.type("\x1b[<80;1;5M");
    await seat.until((shown) => shown.includes("zoom 2×"));
    seat.type("Z");
    await seat.until((shown) => !shown.includes("zoom"));
    await seat.quit();
    expect(seat.bytes).toContain("\x1b[?1002h");
    expect(seat.bytes.lastIndexOf("\x1b[?1002l")).toBeGreaterThan(seat.bytes.lastIndexOf("\x1b[?1002h"));
  });
});

describe("kept screens", () => {
  it("that do not match the recording are thrown away, and the reviewer is told", async () => {
    const dir = mkdtempSync(join(tmpdir(), "bodycam-replay-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const [path, cache] = [join(dir, "recording"), join(dir, "of.screens")];
    const line = (text: string) => ({ kind: "output", data: Buffer.from(`${text} `.repeat(1500)) }) as const;
    await record(
      path,
      Array.from({ length: 150 }, (_, i) => line(`line ${i}`)),
    );
    makeScreenCache(path, cache);
    const recording = openRecording(path);
    const found = openScreenCache(cache, recording);
    if (found === undefined) throw new Error("no cache");
    const lying = (bytes: Uint8Array) =>
      deflateRawSync(Buffer.from(inflateRawSync(bytes).map((byte) => (byte === 0x6c ? 0x4c : byte))));
    const frames = found.frames.map((frame) => ({
      event: frame.event,
      bytes: lying(frame.read() ?? new Uint8Array(0)),
    }));
    writeScreenCache(cache, recording, {
      events: found.events,
      index: found.index,
      bookmarks: found.bookmarks,
      frames,
    });
    found.close();
    recording.close();
    const seat = new Seat({ events: [], path, cache }, 120, 24);
    await seat.until((shown) => shown.includes("kept screens did not match the recording"));
    await seat.quit();
  });
});
