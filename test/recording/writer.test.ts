import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/event.js";
import { micros } from "../../src/core/units.js";
import { META, outputOf, readAll, record, scratch, startRecording } from "./support.js";

const BODIES: readonly EventBody[] = [
  { kind: "output", data: Uint8Array.of(0, 255, 27, 91, 10) },
  { kind: "input", data: Uint8Array.of(3) },
  { kind: "masked", bytes: 12 },
  { kind: "resize", size: { cols: 120, rows: 40, xpixel: 960, ypixel: 800 } },
  { kind: "signal", signal: "SIGTERM" },
  { kind: "suspend" },
  { kind: "resume" },
  {
    kind: "gap",
    gap: {
      reason: "disk-full",
      detail: "ENOSPC",
      from: micros(1),
      to: micros(2),
      outputBytes: 3,
      inputBytes: 4,
    },
  },
  { kind: "notice", notice: { what: "alert", detail: "a rule" } },
  { kind: "unknown", code: 200, data: Uint8Array.of(1, 2, 3) },
];

test("every kind of event comes back as it was given", async () => {
  const path = join(scratch(), "a", "b", "recording.bodycam");
  await record(path, BODIES);
  const { events, stop } = readAll(path);
  expect(stop).toBeUndefined();
  const bodies = events.map(({ at: _at, seq: _seq, ...body }) => body);
  expect(bodies).toEqual([
    { kind: "open", meta: META },
    ...BODIES,
    { kind: "end", exit: { by: "exit", code: 0 } },
  ]);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
});

test("the file is its owner's only, and so are the directories made for it", async () => {
  const path = join(scratch(), "made", "recording.bodycam");
  await record(path, []);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("a payload of several megabytes becomes several frames with the same bytes", async () => {
  const path = join(scratch(), "recording.bodycam");
  const data = randomBytes(5_000_001);
  await record(path, [{ kind: "output", data }]);
  const { events, stop } = readAll(path);
  expect(stop).toBeUndefined();
  expect(outputOf(events).equals(data)).toBe(true);
});

test("the caller may use its buffer again at once", async () => {
  const path = join(scratch(), "recording.bodycam");
  const buffer = Buffer.alloc(1000, 1);
  const writer = startRecording(path);
  writer.appendOutput(buffer);
  buffer.fill(2);
  writer.appendOutput(buffer);
  await writer.end({ by: "exit", code: 0 });
  expect(outputOf(readAll(path).events)).toEqual(Buffer.concat([Buffer.alloc(1000, 1), buffer]));
});
