import { Worker } from "node:worker_threads";

/** The thread's share of memory, in MiB. */
const OLD_SPACE_MB = 192;
const YOUNG_SPACE_MB = 2;

let early: Worker | undefined;

/** Starts the observing thread ahead of its use: it loads while the rest of the program does, and the agent starts sooner. */
export function startThreadEarly(): void {
  early = newThread();
  early.unref();
  // One that fails now is not missed: `takeThread` starts another, and then it is told.
  early.once("error", () => {
    early = undefined;
  });
}

/** The thread, started by now. */
export function takeThread(): Worker {
  const thread = early ?? newThread();
  early = undefined;
  thread.ref();
  return thread;
}

/** There is nothing to observe. */
export function dropThread(): void {
  void early?.terminate();
  early = undefined;
}

const newThread = (): Worker =>
  new Worker(new URL("./observe.js", import.meta.url), {
    // The pipe's descriptors are opened here and closed there.
    trackUnmanagedFds: false,
    resourceLimits: { maxOldGenerationSizeMb: OLD_SPACE_MB, maxYoungGenerationSizeMb: YOUNG_SPACE_MB },
  });
