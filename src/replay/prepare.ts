import type { Recording } from "../recording/reader.js";
import { Screen } from "../terminal/screen.js";
import { type Activity, ActivityReader } from "./activity.js";
import { EventIndex } from "./eventIndex.js";
import { encodeIndex } from "./indexCodec.js";
import { FrameTaker, type PackedFrame } from "./keyframes.js";
import { RecordingSource } from "./recordingSource.js";
import type { Prepared } from "./screenCache.js";

/** What is told on the way through a recording. */
export type Preparing =
  /** What lies behind the screen is known, and where each event is. */
  | { readonly type: "read"; readonly activity: Activity }
  /** A screen was kept. */
  | { readonly type: "frame"; readonly frame: PackedFrame }
  /** So much of the output is done, from 0 to 1, and in bytes. */
  | { readonly type: "progress"; readonly done: number; readonly bytes: number };

/** After so many bytes of output there is a pause, for those who want one. */
const TURN = 128 * 1024;

/**
 * Goes through a whole recording, first its events and then its screens, and gives what a replay needs to be quick.
 * Undefined when it did not come to its end, and so may not stay as it is. The result depends on the recording alone.
 */
export function* prepare(recording: Recording): Generator<Preparing, Prepared | undefined> {
  const source = new RecordingSource(recording);
  recording.bookmarks.set([]);
  const index = new EventIndex();
  const activity = new ActivityReader();
  for (const event of source.passing()) {
    activity.add(event, index.count);
    index.add(event);
  }
  yield { type: "read", activity: activity.activity };
  const bookmarks = [...recording.bookmarks.all];
  const taker = yield* takeFrames(source, index);
  const encoded = encodeIndex(index);
  if (encoded === undefined || index.kind(index.count - 1) !== "end") return undefined;
  return { events: index.count, index: encoded, bookmarks, frames: taker.frames };
}

function* takeFrames(source: RecordingSource, index: EventIndex): Generator<Preparing, FrameTaker> {
  const taker = new FrameTaker();
  const size = source.meta?.size ?? { cols: 80, rows: 24 };
  const screen = new Screen(size.cols, size.rows);
  let number = -1;
  let done = 0;
  let turn = TURN;
  for (const event of source.passing()) {
    number++;
    if (event.kind === "resize") screen.resize(event.size.cols, event.size.rows);
    if (event.kind !== "output") continue;
    screen.write(event.data);
    const frame = taker.offer(number, event.data.length, screen);
    if (frame !== undefined) yield { type: "frame", frame };
    done += event.data.length;
    if (done < turn) continue;
    turn = done + TURN;
    yield { type: "progress", done: done / index.outputBytes, bytes: done };
  }
  return taker;
}
