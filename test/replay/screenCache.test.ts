import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../src/core/event.js";
import { packRecording } from "../../src/recording/pack.js";
import { openRecording } from "../../src/recording/reader.js";
import { arraySource } from "../../src/replay/eventSource.js";
import { decodeIndex, encodeIndex } from "../../src/replay/indexCodec.js";
import { makeScreenCache } from "../../src/replay/makeScreenCache.js";
import { openReplay } from "../../src/replay/openReplay.js";
import { Player } from "../../src/replay/player.js";
import { openScreenCache } from "../../src/replay/screenCache.js";
import { layOut } from "../../src/replay/timeline.js";
import { record, scratch } from "../recording/support.js";
import { picture, straight } from "./pictures.js";
import { session, steps } from "./sessions.js";

const PIECE = 24_000;

/** A session of 3 MB that scrolls, paints, switches screens and changes its size. */
function bodies(): EventBody[] {
  const all: EventBody[] = [];
  for (let i = 0; i < 120; i++) {
    let text = i % 20 === 10 ? "\x1b[?1049h\x1b[2J" : i % 20 === 15 ? "\x1b[?1049l" : "";
    for (let line = 0; text.length < PIECE; line++)
      text += `\x1b[${1 + (line % 24)};${1 + (i % 9)}H\x1b[38;2;${i};${line % 256};7m${i} 漢字 e\u0301 ${"x".repeat(line % 60)}\x1b[0m${line % 3 === 0 ? "\r\n" : ""}`;
    all.push({ kind: "output", data: Buffer.from(text) });
    if (i % 15 === 14)
      all.push({ kind: "resize", size: { cols: 60 + i, rows: 10 + (i % 30), xpixel: 0, ypixel: 0 } });
  }
  return all;
}

/** Compares the replay with the emulator at places in any order. */
function check(path: string, cache: string | undefined): void {
  const recording = openRecording(path);
  const shown = straight([...recording.events()]);
  recording.close();
  const replay = openReplay(path, cache, []);
  const player = new Player(replay.timeline, replay.source, { now: () => 0 }, replay.keyframes);
  const count = replay.timeline.index.count;
  expect(count).toBe(shown.length);
  for (const wanted of [-1, 5, 100, 99, 98, 0, 77, 130, 12, -2, 40, 41]) {
    const event = (wanted + count) % count;
    player.goToEvent(event);
    expect(JSON.stringify(picture(player.screen)) === shown[event], `event ${event}`).toBe(true);
  }
  replay.close();
}

describe("the cache of screens", () => {
  it("leads to the emulator's cells at every place, in both forms, and belongs to one recording only", async () => {
    const dir = scratch();
    const [plain, packed, cache] = [join(dir, "plain"), join(dir, "packed"), join(dir, "cache/of.screens")];
    await record(plain, bodies());
    await packRecording(plain, packed);
    check(plain, undefined);
    for (const path of [plain, packed]) {
      makeScreenCache(path, cache);
      const recording = openRecording(path);
      const found = openScreenCache(cache, recording);
      expect(found?.frames.length).toBeGreaterThan(5);
      found?.close();
      recording.close();
      check(path, cache);
    }
    const other = openRecording(plain);
    expect(openScreenCache(cache, other)).toBeUndefined();
    other.close();
  }, 60_000);

  it("is not used, or does no harm, when any of its bytes was changed", async () => {
    const dir = scratch();
    const [path, cache] = [join(dir, "plain"), join(dir, "of.screens")];
    await record(path, bodies().slice(0, 40));
    makeScreenCache(path, cache);
    const sound = readFileSync(cache);
    const recording = openRecording(path);
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(sound);
        changed[at] = ((changed[at] ?? 0) + by) % 256;
        writeFileSync(cache, changed);
        const found = openScreenCache(cache, recording);
        for (const frame of found?.frames ?? []) frame.open();
        found?.close();
      }),
      { numRuns: 60 },
    );
    writeFileSync(cache, sound.subarray(0, sound.length - 10));
    const cut = openScreenCache(cache, recording);
    expect(cut?.frames.at(-1)?.open()).toBeUndefined();
    cut?.close();
    recording.close();
    check(path, cache);
  });

  it("holds an index that comes back as it was", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { index } = layOut(arraySource(session(all)));
        const bytes = encodeIndex(index);
        const again = bytes === undefined ? undefined : decodeIndex(bytes, index.count);
        if (bytes === undefined || again === undefined) throw new Error("lost");
        for (let event = 0; event < index.count; event++)
          expect([again.at(event), again.kind(event), again.bytes(event)]).toEqual([
            index.at(event),
            index.kind(event),
            index.bytes(event),
          ]);
        expect(again.outputBytes).toBe(index.outputBytes);
        expect(decodeIndex(bytes.subarray(0, -1), index.count)).toBeUndefined();
      }),
    );
  });
});
