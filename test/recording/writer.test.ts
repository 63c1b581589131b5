import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/event.js";
import { micros } from "../../src/core/units.js";
import { verifyRecording } from "../../src/recording/verify.js";
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

test("in an emergency everything is on the disk at once, and the recording can go on", async () => {
  const path = join(scratch(), "recording.bodycam");
  const writer = startRecording(path);
  const pieces: Buffer[] = [];
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 10; i++) {
      const piece = randomBytes(70_000);
      pieces.push(piece);
      writer.appendOutput(piece);
    }
    writer.emergency();
    expect(writer.backlog).toBe(0);
    expect(outputOf(readAll(path).events).equals(Buffer.concat(pieces))).toBe(true);
  }
  const ending = await writer.end({ by: "exit", code: 0 });
  expect(ending.intact).toBe(true);
  expect((await verifyRecording(path)).problems).toEqual([]);
  expect(outputOf(readAll(path).events).equals(Buffer.concat(pieces))).toBe(true);
});

test("a seal covers everything up to a flag at once, and everything soon after a flood", async () => {
  const path = join(scratch(), "recording.bodycam");
  let sealed: () => void = () => {};
  const writer = startRecording(path, { onCommit: () => sealed() });
  const sealedUntil = async (): Promise<number> => (await verifyRecording(path)).sealedUntil;
  writer.append({ kind: "input", data: Uint8Array.of(13) });
  writer.sealSoon();
  writer.emergency();
  expect(await sealedUntil()).toBe(readAll(path).events.at(-1)?.at);
  // Full blocks are not all sealed. Whatever the last one is, a seal follows without anything more coming.
  for (let i = 0; i < 8; i++) writer.appendOutput(randomBytes(65_536));
  for (;;) {
    const { events } = readAll(path);
    if (outputOf(events).length === 8 * 65_536 && (await sealedUntil()) >= (events.at(-1)?.at ?? 0)) break;
    await new Promise<void>((resolve) => {
      sealed = resolve;
    });
  }
  await writer.end({ by: "exit", code: 0 });
});

test("what is appended after the end is not recorded, and the end is the end", async () => {
  const path = join(scratch(), "recording.bodycam");
  const writer = startRecording(path);
  const first = writer.end({ by: "exit", code: 0 });
  const again = writer.end({ by: "exit", code: 1 });
  expect(await again).toBe(await first);
  writer.append({ kind: "signal", signal: "SIGHUP" });
  writer.appendOutput(Uint8Array.of(1));
  writer.sealSoon();
  writer.emergency();
  expect(writer.backlog).toBe(0);
  const { events, stop } = readAll(path);
  expect(events.map((event) => event.kind)).toEqual(["open", "end"]);
  expect(stop).toBeUndefined();
});

test("an append tells the place of its frame", async () => {
  const path = join(scratch(), "recording.bodycam");
  const writer = startRecording(path, { clock: { now: () => micros(0) } });
  const places = [
    writer.append({ kind: "input", data: Uint8Array.of(1) }),
    writer.appendOutput(Uint8Array.of(2)),
    writer.appendOutput(Uint8Array.of(3)),
    writer.append({ kind: "input", data: Uint8Array.of(4) }),
  ];
  await writer.end({ by: "exit", code: 0 });
  // Output of one moment is one frame.
  expect(places).toEqual([1, 2, 2, 3]);
  const { events } = readAll(path);
  expect(events[2]).toMatchObject({ kind: "output", data: Uint8Array.of(2, 3) });
  expect(events[3]).toMatchObject({ kind: "input", data: Uint8Array.of(4) });
});

test("a command that is longer than a frame is shortened, and says so", async () => {
  const path = join(scratch(), "recording.bodycam");
  const command = ["agent", ...Array.from({ length: 3000 }, (_, i) => `${i}`.padEnd(1000, "x"))];
  const writer = startRecording(path, { meta: { ...META, command } });
  await writer.end({ by: "exit", code: 0 });
  const [open] = readAll(path).events;
  const kept = open?.kind === "open" ? open.meta.command : [];
  expect(kept.slice(0, -1)).toEqual(command.slice(0, kept.length - 1));
  expect(kept.at(-1)).toBe(`… ${command.length - kept.length + 1} more arguments`);
});

test("a recording is never written over", async () => {
  const path = join(scratch(), "recording.bodycam");
  await record(path, []);
  const bytes = readFileSync(path);
  expect(() => startRecording(path)).toThrow(
    expect.objectContaining({ code: "io", hint: expect.any(String) }),
  );
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("where nothing can be created the error says so and what to do", () => {
  const file = join(scratch(), "file");
  writeFileSync(file, "");
  for (const path of [join(file, "recording.bodycam"), "/proc/none/recording.bodycam"]) {
    expect(() => startRecording(path)).toThrow(
      expect.objectContaining({ code: "home-not-writable", hint: expect.stringContaining("BODYCAM_HOME") }),
    );
  }
});
