import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyRecording } from "../../src/recording/verify.js";
import type { RecordingWriter } from "../../src/recording/writer.js";
import { outputOf, readAll, scratch, startRecording } from "./support.js";
import { Troubles } from "./troubles.js";

interface Scene {
  readonly home: string;
  readonly path: string;
  readonly writer: RecordingWriter;
  readonly troubles: Troubles;
  readonly written: Buffer[];
}

function scene(): Scene {
  const home = join(scratch(), "home");
  const path = join(home, "sessions", "one", "recording.bodycam");
  const troubles = new Troubles();
  const writer = startRecording(path, { onTrouble: troubles.listener });
  return { home, path, writer, troubles, written: [] };
}

/** Records some output and waits until it is on the disk. */
async function output({ writer, written }: Scene, length = 200_000): Promise<void> {
  const data = randomBytes(length);
  written.push(data);
  writer.appendOutput(data);
  writer.sealSoon();
  while (writer.backlog > 0) await new Promise(setImmediate);
}

/** The recording must be complete, with every byte and the wanted notices. */
async function expectWhole(at: Scene, notices: readonly string[]): Promise<void> {
  const ending = await at.writer.end({ by: "exit", code: 0 });
  expect(ending.intact).toBe(true);
  const report = await verifyRecording(at.path);
  expect(report.problems).toEqual([]);
  expect(Buffer.from(report.head).equals(ending.head)).toBe(true);
  const { events } = readAll(at.path);
  expect(outputOf(events).equals(Buffer.concat(at.written))).toBe(true);
  expect(events.flatMap((event) => (event.kind === "notice" ? [event.notice.what] : []))).toEqual(notices);
  expect(statSync(at.path).mode & 0o777).toBe(0o600);
}

const REMOVED = ["recording-removed", "recording-restored"];
const ALTERED = ["recording-altered", "recording-restored"];

test("an agent that removes the whole home takes nothing along", async () => {
  const at = scene();
  await output(at);
  const restored = at.troubles.next("recording-removed end");
  rmSync(at.home, { recursive: true });
  await restored;
  expect(statSync(at.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(at.path)).mode & 0o777).toBe(0o700);
  await output(at);
  await expectWhole(at, REMOVED);
});

test("a recording comes back as often as it is removed", async () => {
  const at = scene();
  for (let i = 0; i < 4; i++) {
    await output(at);
    const restored = at.troubles.next("recording-removed end");
    if (i % 2 === 0) unlinkSync(at.path);
    else renameSync(at.home, `${at.home}.${i}`);
    await restored;
  }
  await expectWhole(at, [...REMOVED, ...REMOVED, ...REMOVED, ...REMOVED]);
});

test("a removal just before the end is seen and told", async () => {
  const at = scene();
  await output(at);
  rmSync(at.home, { recursive: true });
  await expectWhole(at, REMOVED);
});

function writeOver(path: string, at: number): void {
  const fd = openSync(path, "r+");
  writeSync(fd, "overwritten", at);
  closeSync(fd);
}

describe("a recording that is", () => {
  const ways: Readonly<Record<string, (path: string) => void>> = {
    "cut to nothing": (path) => truncateSync(path, 0),
    "cut a little": (path) => truncateSync(path, statSync(path).size - 1),
    "replaced by another file": (path) => {
      writeFileSync(`${path}.new`, readFileSync(path));
      renameSync(`${path}.new`, path);
    },
    "replaced by a directory": (path) => {
      unlinkSync(path);
      mkdirSync(join(path, "full"), { recursive: true });
    },
    "replaced by a link to itself": (path) => {
      renameSync(path, `${path}.moved`);
      symlinkSync(`${path}.moved`, path);
    },
    "written over in its middle": (path) => writeOver(path, 100_000),
    "written over in its header": (path) => writeOver(path, 20),
    "made longer": (path) => appendFileSync(path, "BLCK and more"),
  };
  test.each(Object.keys(ways))("%s is put right", async (way) => {
    const at = scene();
    await output(at);
    ways[way]?.(at.path);
    await expectWhole(at, ALTERED);
  });
});

test("a cut is seen before anything is written behind it", async () => {
  const at = scene();
  await output(at);
  truncateSync(at.path, 300);
  await output(at);
  // Not even the end is needed: a recorder that is killed now leaves all of it.
  expect((await verifyRecording(at.path)).problems.map((problem) => problem.kind)).toEqual(["no-end"]);
  expect(outputOf(readAll(at.path).events).equals(Buffer.concat(at.written))).toBe(true);
  await expectWhole(at, ALTERED);
});

test("a directory that was made unwritable does not keep the recording away", async () => {
  const at = scene();
  await output(at);
  unlinkSync(at.path);
  chmodSync(dirname(at.path), 0o500);
  await expectWhole(at, REMOVED);
});

test("a recording that was opened to others is closed again", async () => {
  const at = scene();
  chmodSync(at.path, 0o666);
  await expectWhole(at, []);
});

test("nothing is left beside the recording", async () => {
  const at = scene();
  await output(at);
  rmSync(at.home, { recursive: true });
  await expectWhole(at, REMOVED);
  expect(readdirSync(dirname(at.path))).toEqual(["recording.bodycam"]);
});
