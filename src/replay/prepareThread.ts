import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../core/errors.js";
import { openRecording } from "../recording/reader.js";
import type { PackedFrame } from "./keyframes.js";
import type { FromPreparation, PreparationStart } from "./preparationProtocol.js";
import { prepare } from "./prepare.js";
import {
  dropScreenCache,
  openScreenCache,
  type Prepared,
  type ScreenCache,
  writeScreenCache,
} from "./screenCache.js";

/** A recording with less output than this is gone through in a moment: no cache is written for it. */
const WORTH_KEEPING = 4_000_000;
const NICE = 5;
/** Screens are told of in bunches. */
const BUNCH = 8;

const { recording: path, cache: cachePath } = workerData as PreparationStart;
const replay = parentPort;
if (replay === null) throw new Error("prepareThread.js runs as a worker only");

stepBack();
try {
  run();
} catch (error) {
  tell({ type: "trouble", message: messageOf(error) });
}
replay.close();

/** Goes through the recording. With a cache, everything in it is made again and compared. */
function run(): void {
  const recording = openRecording(path);
  const cache = cachePath === undefined ? undefined : openScreenCache(cachePath, recording);
  const steps = prepare(recording);
  let frames: PackedFrame[] = [];
  let done = 0;
  let bytes = 0;
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      if (frames.length > 0) tell({ type: "frames", frames, done: 1 });
      if (cache === undefined) keep(step.value);
      else if (step.value === undefined || !agrees(cache, step.value)) stale();
      tell({ type: "done" });
      return;
    }
    const { value } = step;
    if (value.type === "read") tell(value);
    else if (value.type === "progress") ({ done, bytes } = value);
    else if (cache === undefined) frames.push(value.frame);
    if (frames.length < BUNCH) continue;
    tell({ type: "frames", frames, done });
    frames = [];
  }

  function keep(prepared: Prepared | undefined): void {
    if (prepared === undefined || cachePath === undefined || bytes < WORTH_KEEPING) return;
    try {
      writeScreenCache(cachePath, recording, prepared);
    } catch {
      // No room, or no right to write there: then the next replay goes through the recording again.
    }
  }
}

function agrees(cache: ScreenCache, { events, index, bookmarks, frames }: Prepared): boolean {
  const same = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
    a !== undefined && Buffer.compare(a, b) === 0;
  return (
    cache.events === events &&
    same(cache.index, index) &&
    JSON.stringify(cache.bookmarks) === JSON.stringify(bookmarks) &&
    cache.frames.length === frames.length &&
    cache.frames.every((kept, i) => {
      const frame = frames[i];
      return frame !== undefined && kept.event === frame.event && same(kept.read(), frame.bytes);
    })
  );
}

function stale(): void {
  if (cachePath !== undefined) dropScreenCache(cachePath);
  tell({ type: "stale" });
}

/** The reviewer's keys come first. Linux counts niceness by thread (sched(7)). */
function stepBack(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), NICE);
  } catch {
    // Then it runs like the rest.
  }
}

function tell(message: FromPreparation): void {
  replay?.postMessage(message);
}
