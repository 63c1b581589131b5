import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, truncateSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Gap, SessionEvent } from "../../src/core/event.js";
import { verifyRecording } from "../../src/recording/verify.js";
import type { RecordingWriter } from "../../src/recording/writer.js";
import { canMount, smallDisk } from "./smallDisk.js";
import { outputOf, readAll, startRecording } from "./support.js";
import { Troubles } from "./troubles.js";

const MB = 1024 * 1024;

/** Writes a file until the disk is full. */
function fill(path: string): void {
  const fd = openSync(path, "w");
  for (const size of [MB, 4096]) {
    try {
      while (writeSync(fd, Buffer.alloc(size, 1)) > 0);
    } catch {
      // Full, as wanted.
    }
  }
  closeSync(fd);
}

/** Appends `length` random bytes as an agent would, waiting when the writer asks for it. */
async function pour(writer: RecordingWriter, length: number): Promise<Buffer> {
  const data = randomBytes(length);
  for (let at = 0; at < length; at += 65_536) {
    writer.appendOutput(data.subarray(at, at + 65_536));
    await writer.drained();
    await new Promise(setImmediate);
  }
  return data;
}

/** Resolves when everything is on the disk. */
async function written(writer: RecordingWriter): Promise<void> {
  while (writer.backlog > 0) await new Promise(setImmediate);
}

const gapsOf = (events: readonly SessionEvent[]): Gap[] =>
  events.flatMap((event) => (event.kind === "gap" ? [event.gap] : []));

const noticesOf = (events: readonly SessionEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "notice" ? [event.notice.what] : []));

/** What the recording holds must be the output but for what its gaps say, in order. */
function expectAccountedFor(events: readonly SessionEvent[], written: Buffer): void {
  let at = 0;
  for (const event of events) {
    if (event.kind === "output") {
      const length = event.data.length;
      expect(written.subarray(at, at + length).equals(event.data)).toBe(true);
      at += length;
    } else if (event.kind === "gap") at += event.gap.outputBytes;
  }
  expect(at).toBe(written.length);
}

describe.skipIf(!canMount)("on a disk that is full (needs the right to mount one)", () => {
  test("the shadow gives way first, and nothing is lost", async () => {
    const disk = smallDisk(6);
    const path = join(disk, "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const written = await pour(writer, 5 * MB);
    expect((await writer.end({ by: "exit", code: 0 })).intact).toBe(true);
    expect((await verifyRecording(path)).problems).toEqual([]);
    const { events } = readAll(path);
    expect(outputOf(events).equals(written)).toBe(true);
    expect(noticesOf(events)).toEqual(["shadow-dropped"]);
    expect(troubles.all).toEqual(["shadow-dropped begin"]);
  });

  test("what never found room is told by a gap, and the recording is complete", async () => {
    const path = join(smallDisk(3), "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const written = await pour(writer, 20 * MB);
    const ending = await writer.end({ by: "exit", code: 0 });
    expect(ending.intact).toBe(true);
    const report = await verifyRecording(path);
    expect(report.problems).toEqual([]);
    expect(Buffer.from(report.head).equals(ending.head)).toBe(true);
    const { events } = readAll(path);
    expectAccountedFor(events, written);
    expect(gapsOf(events).map((gap) => gap.reason)).toEqual(["disk-full"]);
    expect(outputOf(events).length).toBeGreaterThan(2 * MB);
    expect(events.at(-1)?.kind).toBe("end");
    expect(troubles.all.filter((name) => name.startsWith("disk-full"))).toContain("disk-full begin");
  });

  test("what waits in memory is written when there is room again", async () => {
    const disk = smallDisk(24);
    const path = join(disk, "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const before = await pour(writer, MB);
    await writer.drained();
    const full = troubles.next("disk-full begin");
    fill(join(disk, "filler"));
    const during = await pour(writer, 4 * MB);
    await full;
    expect(writer.backlog).toBeGreaterThan(0);
    const over = troubles.next("disk-full end");
    unlinkSync(join(disk, "filler"));
    await over;
    const after = await pour(writer, MB);
    expect((await writer.end({ by: "exit", code: 0 })).intact).toBe(true);
    const { events, stop } = readAll(path);
    expect(stop).toBeUndefined();
    expect(gapsOf(events)).toEqual([]);
    expect(outputOf(events).equals(Buffer.concat([before, during, after]))).toBe(true);
    expect((await verifyRecording(path)).outcome).toBe("intact");
  });

  test("what is more than memory keeps is told by a gap, and the recording goes on behind it", async () => {
    const disk = smallDisk(40);
    const path = join(disk, "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const full = troubles.next("disk-full begin");
    fill(join(disk, "filler"));
    const first = await pour(writer, MB);
    await full;
    const during = await pour(writer, 15 * MB);
    writer.append({ kind: "resize", size: { cols: 100, rows: 30, xpixel: 0, ypixel: 0 } });
    const still = await pour(writer, MB);
    const over = troubles.next("disk-full end");
    unlinkSync(join(disk, "filler"));
    await over;
    await writer.drained();
    const after = await pour(writer, MB);
    expect((await writer.end({ by: "exit", code: 0 })).intact).toBe(true);
    expect((await verifyRecording(path)).problems).toEqual([]);
    const { events } = readAll(path);
    expectAccountedFor(events, Buffer.concat([first, during, still, after]));
    const gaps = gapsOf(events);
    expect(gaps.map((gap) => gap.reason)).toEqual(["disk-full", "disk-full"]);
    expect(gaps[1]?.outputBytes).toBe(MB);
    // The resize stands between what was lost before it and what was lost after it.
    const kinds = events.map((event) => event.kind).filter((kind) => kind === "gap" || kind === "resize");
    expect(kinds).toEqual(["gap", "resize", "gap"]);
  });

  test("the last words find room on a disk that others have filled to its last byte", async () => {
    const disk = smallDisk(8);
    const path = join(disk, "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const before = await pour(writer, MB);
    await written(writer);
    const full = troubles.next("disk-full begin");
    fill(join(disk, "filler"));
    const during = await pour(writer, 3 * MB);
    await full;
    fill(join(disk, "filler2"));
    const ending = await writer.end({ by: "signal", signal: "SIGTERM", number: 15 });
    expect(ending.intact).toBe(true);
    expect((await verifyRecording(path)).problems).toEqual([]);
    const { events } = readAll(path);
    expectAccountedFor(events, Buffer.concat([before, during]));
    expect(outputOf(events).length).toBeGreaterThanOrEqual(before.length);
  });

  test("a recording without a shadow is still put back when it is removed", async () => {
    const disk = smallDisk(16);
    const path = join(disk, "sessions", "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const dropped = troubles.next("shadow-dropped begin");
    fill(join(disk, "filler"));
    const written = [await pour(writer, MB)];
    await dropped;
    unlinkSync(join(disk, "filler"));
    for (let i = 0; i < 2; i++) {
      const restored = troubles.next("recording-removed end");
      rmSync(join(disk, "sessions"), { recursive: true });
      await restored;
      written.push(await pour(writer, MB));
    }
    expect((await writer.end({ by: "exit", code: 0 })).intact).toBe(true);
    expect((await verifyRecording(path)).problems).toEqual([]);
    expect(outputOf(readAll(path).events).equals(Buffer.concat(written))).toBe(true);
  });

  test("what is cut off when there is no shadow is lost, and the writer knows", async () => {
    const disk = smallDisk(16);
    const path = join(disk, "recording.bodycam");
    const troubles = new Troubles();
    const writer = startRecording(path, { onTrouble: troubles.listener });
    const dropped = troubles.next("shadow-dropped begin");
    fill(join(disk, "filler"));
    await pour(writer, MB);
    await dropped;
    unlinkSync(join(disk, "filler"));
    await pour(writer, MB);
    await written(writer);
    const altered = troubles.next("recording-altered begin");
    truncateSync(path, 1000);
    await pour(writer, MB);
    await altered;
    expect((await writer.end({ by: "exit", code: 0 })).intact).toBe(false);
    expect((await verifyRecording(path)).outcome).toBe("altered");
  });

  test("a recording can't be started, and the error says what to do", () => {
    const disk = smallDisk(1);
    fill(join(disk, "filler"));
    const start = (): unknown => startRecording(join(disk, "recording.bodycam"));
    expect(start).toThrow(
      expect.objectContaining({
        code: "home-not-writable",
        hint: expect.stringContaining("Free some space"),
      }),
    );
  });
});
