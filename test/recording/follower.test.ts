import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SessionEvent } from "../../src/core/event.js";
import { BlockFollower } from "../../src/recording/follower.js";
import type { Committed } from "../../src/recording/trouble.js";
import { outputOf, readAll, scratch, startRecording } from "./support.js";

test("a follower sees every event once, in order, while the recording grows", async () => {
  const path = join(scratch(), "recording.bodycam");
  const follower = new BlockFollower();
  const seen: SessionEvent[] = [];
  const follow = ({ fd, bytes }: Committed): void => {
    seen.push(...follower.read(fd, bytes));
  };
  const writer = startRecording(path, { onCommit: follow });
  const pieces: Buffer[] = [];
  for (let i = 0; i < 60; i++) {
    const piece = randomBytes(i * 97);
    pieces.push(piece);
    writer.appendOutput(piece);
    if (i % 7 === 0) writer.sealSoon();
    if (i % 11 === 0) writer.append({ kind: "resize", size: { cols: i, rows: i, xpixel: 0, ypixel: 0 } });
    await new Promise(setImmediate);
  }
  const ending = await writer.end({ by: "exit", code: 0 });
  expect(follower.problem).toBeUndefined();
  expect(follower.offset).toBe(ending.bytes);
  expect(outputOf(seen).equals(Buffer.concat(pieces))).toBe(true);
  expect(seen).toEqual(readAll(path).events);
});

test("a descriptor that is behind is no problem: the next one is read from the same place", async () => {
  const path = join(scratch(), "recording.bodycam");
  const commits: Committed[] = [];
  const writer = startRecording(path, { onCommit: (to) => commits.push(to) });
  writer.appendOutput(randomBytes(30_000));
  const { bytes } = await writer.end({ by: "exit", code: 0 });
  const follower = new BlockFollower();
  const empty = openSync(join(scratch(), "empty"), "w+");
  expect([...follower.read(empty, bytes)]).toEqual([]);
  closeSync(empty);
  expect(follower.problem).toBeUndefined();
  expect(commits.at(-1)?.bytes).toBe(bytes);
  expect([...follower.read(writer.source, bytes)]).toEqual(readAll(path).events);
});

test("what is committed is always whole blocks, and the announced descriptor holds them", async () => {
  const path = join(scratch(), "recording.bodycam");
  let frames = 0;
  const writer = startRecording(path, {
    onCommit: ({ fd, bytes }) => {
      const fresh = new BlockFollower();
      const events = [...fresh.read(fd, bytes)];
      expect(fresh.offset).toBe(bytes);
      expect(events.length).toBeGreaterThanOrEqual(frames);
      frames = events.length;
    },
  });
  for (let i = 0; i < 20; i++) {
    writer.append({ kind: "input", data: Uint8Array.of(i) });
    writer.sealSoon();
    await writer.drained();
    await new Promise(setImmediate);
  }
  await writer.end({ by: "exit", code: 0 });
  expect(frames).toBe(22);
});
