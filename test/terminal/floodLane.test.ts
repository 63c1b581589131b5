import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros, seq } from "../../src/core/units.js";
import { EmulatedReader } from "../../src/terminal/screenReader.js";
import { snapshotEmulator } from "../../src/terminal/snapshot.js";
import { hostileSequences } from "./sequences.js";

type Step = Buffer | { readonly pause: number } | { readonly resize: readonly [number, number] } | "settle";

/** What is told for the steps, and the emulator's state in the end. */
function run(steps: readonly Step[], fast: boolean, cols: number, rows: number) {
  const reader = new EmulatedReader(cols, rows, { fast });
  const told: unknown[] = [];
  let at = 0;
  let number = 0;
  for (const step of steps) {
    if (step === "settle") told.push(reader.settle());
    else if (Buffer.isBuffer(step)) {
      at += 10;
      told.push(reader.write(step, micros(at), seq(number++)));
    } else if ("pause" in step) at += step.pause;
    else reader.resize(...step.resize);
  }
  told.push(reader.settle());
  reader.catchUp();
  return { told, state: snapshotEmulator(reader.emulator), faults: reader.emulator.faults };
}

const words = fc.array(
  fc.constantFrom("make", "[ 12%]", "cc -o", "x", "   ", "path/to/file.c", "漢字", "→", "é", "🎉"),
  {
    maxLength: 8,
  },
);
const styled = fc.constantFrom(
  "\x1b[31m",
  "\x1b[0m",
  "\x1b[m",
  "\x1b[1;4;38;2;1;2;3m",
  "\x1b[48:5:9m",
  "\x1b[44m",
);
const odd = fc.oneof(
  fc.constantFrom(
    "\r",
    "\n",
    "\b",
    "\x07",
    "\x1b[K",
    "\x1b[A",
    "\x1b[2K",
    "\x1b[",
    "\x1b[9",
    "e\u0301",
    "\u200b",
    "\u0085",
    "\x7f",
  ),
  hostileSequences,
);
const line = fc
  .tuple(
    fc.array(fc.oneof({ weight: 8, arbitrary: words.map((w) => w.join(" ")) }, styled, fc.constant("\t")), {
      maxLength: 5,
    }),
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\r\n", "\r\r\n", "\n"),
  )
  .map(([parts, end]) => parts.join("") + end);
const log = fc.array(line, { minLength: 1, maxLength: 60 }).map((lines) => lines.join(""));
const flood = fc.tuple(line, fc.integer({ min: 1, max: 300 })).map(([text, times]) => text.repeat(times));
const raw = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

const bytes = fc
  .array(fc.oneof({ weight: 5, arbitrary: log }, { weight: 3, arbitrary: flood }, odd, raw), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => Buffer.from(`${"\r\n".repeat(12)}${parts.join("")}`));

/** The bytes cut anywhere, in the middle of characters and sequences too, with pauses and resizes in between. */
const session = fc
  .tuple(bytes, fc.array(fc.nat(20_000), { maxLength: 12 }), fc.array(fc.nat(9), { maxLength: 12 }))
  .map(([data, cuts, between]): Step[] => {
    const at = [...new Set([0, ...cuts.filter((cut) => cut < data.length), data.length])].sort(
      (a, b) => a - b,
    );
    return at.slice(1).flatMap((end, i): Step[] => {
      const piece = data.subarray(at[i], end);
      const what = between[i] ?? 9;
      if (what === 0) return [piece, { resize: [20 + (end % 30), 3 + (end % 9)] }];
      if (what === 1) return [piece, "settle"];
      return what < 4 ? [piece, { pause: 200_000 }] : [piece];
    });
  });

describe("the lane for floods", () => {
  it("tells the same, and leaves the emulator in the same state, as the emulator alone", () => {
    fc.assert(
      fc.property(
        session,
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (steps, cols, rows) => {
          expect(run(steps, true, cols, rows)).toEqual(run(steps, false, cols, rows));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("does so through floods longer than the screen and its scrollback, by frames of any size", () => {
    const lines = Array.from({ length: 3000 }, (_, i) => {
      const style = i % 7 === 0 ? `\x1b[3${i % 8}m` : i % 31 === 0 ? "\x1b[0m" : "";
      return `${style}${i} compiling 漢字 → ${"x".repeat(i % 90)}\t${i % 5 ? "" : "\t"}|\r\n`;
    });
    const data = Buffer.from(`${"\r\n".repeat(24)}${lines.join("")}tail without an end`);
    for (const size of [17, 100, 4096, 65_536, data.length]) {
      const steps: Step[] = [];
      for (let at = 0; at < data.length; at += size) steps.push(data.subarray(at, at + size));
      const fast = run(steps, true, 80, 24);
      expect(fast).toEqual(run(steps, false, 80, 24));
      expect(fast.told.flat().length).toBe(3001);
    }
  });

  it("is really used: floods do not pass through the emulator", () => {
    const reader = new EmulatedReader(80, 24);
    let parsed = 0;
    const parse = reader.emulator.input.parse;
    reader.emulator.input.parse = (data) => {
      parsed += data.length;
      return parse.call(reader.emulator.input, data);
    };
    const flood = Buffer.from(
      "\r\n".repeat(24) + "a line of a \x1b[32mlog\x1b[0m that goes on → ✓\r\n".repeat(20_000),
    );
    reader.write(flood, micros(0), seq(0));
    expect(parsed).toBeLessThan(10_000);
  });
});
