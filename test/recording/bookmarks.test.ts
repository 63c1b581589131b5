import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import type { EventBody, SessionEvent } from "../../src/core/event.js";
import { seq } from "../../src/core/units.js";
import { packRecording } from "../../src/recording/pack.js";
import { openRecording } from "../../src/recording/reader.js";
import { record, scratch } from "./support.js";

/** Events in short: byte by byte they would be compared for minutes. */
const told = (events: Iterable<SessionEvent>): string[] =>
  Array.from(events, (event) => {
    const bytes = "data" in event ? crc32(event.data) : 0;
    return `${event.seq} ${event.at} ${event.kind} ${bytes}`;
  });

test("both forms are read from any frame on, before and after they were read from the start", async () => {
  const dir = scratch();
  const [plain, packed] = [join(dir, "plain"), join(dir, "packed")];
  const piece = (i: number): Uint8Array =>
    Buffer.from(`${i} ${"no two lines are the same ".repeat(1500)}${i}\n`);
  const bodies = Array.from({ length: 240 }, (_, i): EventBody[] => [
    { kind: "output", data: piece(i) },
    { kind: "input", data: Buffer.from(`key ${i}`) },
  ]);
  await record(plain, bodies.flat(), { blocks: true });
  await packRecording(plain, packed);
  for (const path of [plain, packed]) {
    const all = told(openRecording(path).events());
    const recording = openRecording(path);
    const starts = [0, 1, 2, 97, 300, all.length - 1, all.length, all.length + 5];
    const check = () => {
      for (const from of starts) {
        expect(told(recording.events(seq(from)))).toEqual(all.slice(from));
        expect(recording.stop).toBeUndefined();
      }
    };
    for (const _ of recording.events(seq(350))) break;
    check();
    expect(recording.bookmarks.all.length).toBeGreaterThan(1);
    recording.bookmarks.set([]);
    check();
    recording.close();
  }
});
