import { Worker } from "node:worker_threads";
import type { Flag } from "../core/flag.js";
import { openRecording } from "../recording/reader.js";
import { type Activity, readActivity } from "./activity.js";
import type { EventSource } from "./eventSource.js";
import { decodeIndex } from "./indexCodec.js";
import { FrameList, Keyframes, packedKeyframe } from "./keyframes.js";
import type { FromPreparation, PreparationStart } from "./preparationProtocol.js";
import { RecordingSource } from "./recordingSource.js";
import { openScreenCache, type ScreenCache } from "./screenCache.js";
import { layOut, type Timeline, timelineOf } from "./timeline.js";

/** What a replay goes on while it runs. */
export interface OpenReplay {
  readonly source: EventSource;
  readonly timeline: Timeline;
  readonly keyframes: Keyframes;
  readonly background: Background;
  close(): void;
}

/** How far the work in the background is. */
export interface BackgroundState {
  readonly activity: Activity | undefined;
  /** The share of the output that was gone through, 1 when there is nothing more to do. */
  readonly done: number;
  /** What was taken from the cache is not what the recording says: nothing that was shown so far can be relied on. */
  readonly stale: boolean;
}

/** Work in the background, and who wants to hear of it. */
export class Background {
  #state: BackgroundState;
  readonly #listeners = new Set<(state: BackgroundState) => void>();

  constructor(state: BackgroundState) {
    this.#state = state;
  }

  get state(): BackgroundState {
    return this.#state;
  }

  set(change: Partial<BackgroundState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  subscribe(listener: (state: BackgroundState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A session in memory, or one so small that nothing has to be made ahead. */
export function openEvents(source: EventSource, flags: readonly Flag[]): OpenReplay {
  const timeline = layOut(source, flags);
  const activity = readActivity(source.events());
  const background = new Background({ activity, done: 1, stale: false });
  return { source, timeline, keyframes: new Keyframes(), background, close: () => undefined };
}

/** With less output than this, any place is reached in a moment from the start. */
const SMALL = 1_000_000;

/**
 * Opens a recording for a replay. With a cache of screens that belongs to it, it is not read first; a thread checks the
 * cache against the recording meanwhile, or makes what there is no cache for.
 * @throws BodycamError what `openRecording` throws
 */
export function openReplay(path: string, cachePath: string | undefined, flags: readonly Flag[]): OpenReplay {
  const recording = openRecording(path);
  const source = new RecordingSource(recording);
  const cache = cachePath === undefined ? undefined : openScreenCache(cachePath, recording);
  const index = cache === undefined ? undefined : decodeIndex(cache.index, cache.events);
  if (cache !== undefined && index !== undefined) recording.bookmarks.set(cache.bookmarks);
  const timeline = index === undefined ? layOut(source, flags) : timelineOf(index, source.meta, flags);
  if (index === undefined && timeline.index.outputBytes < SMALL) {
    cache?.close();
    const small = openEvents(source, flags);
    return { ...small, close: () => recording.close() };
  }
  const keyframes = new Keyframes();
  if (cache !== undefined && index !== undefined) keyframes.setAhead(cache.frames);
  const background = new Background({ activity: undefined, done: 0, stale: false });
  const stop = prepareBehind({ recording: path, cache: cachePath }, keyframes, background);
  return {
    source,
    timeline,
    keyframes,
    background,
    close: () => close(stop, cache, () => recording.close()),
  };
}

function close(stop: () => void, cache: ScreenCache | undefined, recording: () => void): void {
  stop();
  cache?.close();
  recording();
}

/** The thread has an emulator and little else: what is garbage is to go. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

/** Starts the thread; returns how to end it. */
function prepareBehind(start: PreparationStart, keyframes: Keyframes, background: Background): () => void {
  const list = new FrameList();
  const thread = new Worker(new URL("./prepareThread.js", import.meta.url), {
    workerData: start,
    resourceLimits: LIMITS,
  });
  thread.unref();
  thread.on("message", (message: FromPreparation) => {
    switch (message.type) {
      case "read":
        return background.set({ activity: message.activity });
      case "frames":
        for (const frame of message.frames) list.add(frame);
        keyframes.setAhead(list.frames.map(packedKeyframe));
        return background.set({ done: message.done });
      case "stale":
        return background.set({ stale: true });
      case "done":
      case "trouble":
        // Without it everything is there all the same, only slower.
        return background.set({ done: 1 });
    }
  });
  thread.on("error", () => background.set({ done: 1 }));
  return () => void thread.terminate();
}
