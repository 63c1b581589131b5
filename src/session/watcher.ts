import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { messageOf } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import type { FromWatcher, ToWatcher, WatcherStart } from "./protocol.js";

/** The watcher's share of memory, in MiB: it may lag, but it may not grow. */
const OLD_SPACE_MB = 96;
const YOUNG_SPACE_MB = 2;
/** How often the wait for a watcher that lags is thought over, and how long it is given before it is judged. */
const STEP_MS = 25;
const HOPE_MS = 100;
/** How often the watcher is told of a little more to read; of this many bytes it is told at once. */
const TELL_EVERY_MS = 30;
const TELL_AT_ONCE_BYTES = 16_384;
/** A watcher that is this far behind is not waited for at all. */
const HOPELESS_BYTES = 32_000_000;

/**
 * The thread that follows the recording: it reads what has been committed, looks at it, writes the catalogue and tells
 * of flags. The camera goes on whatever becomes of it.
 */
export class Watcher {
  readonly #start: WatcherStart;
  readonly #onFlag: (flag: Flag) => void;
  readonly #finished: Promise<void>;
  #worker: Worker | undefined;
  #settle: () => void = () => {};
  #last: { readonly fd: number; readonly bytes: number } = { fd: -1, bytes: 0 };
  #telling: NodeJS.Timeout | undefined;
  #told = 0;
  #read = 0;
  #trouble: string | undefined;
  #isDone = false;
  #settled = false;

  constructor(start: WatcherStart, onFlag: (flag: Flag) => void) {
    this.#start = start;
    this.#onFlag = onFlag;
    this.#finished = new Promise((resolve) => {
      this.#settle = () => {
        this.#settled = true;
        resolve();
      };
    });
  }

  /** Starts the thread, once. */
  start(): void {
    if (this.#worker !== undefined) return;
    this.#worker = new Worker(new URL("./watch.js", import.meta.url), {
      workerData: this.#start,
      resourceLimits: { maxOldGenerationSizeMb: OLD_SPACE_MB, maxYoungGenerationSizeMb: YOUNG_SPACE_MB },
    });
    this.#worker.on("message", (message: FromWatcher) => this.#heard(message));
    this.#worker.on("error", (error) => this.#failed(messageOf(error)));
    this.#worker.on("exit", () => this.#settle());
    if (this.#last.fd >= 0) this.#tell({ type: "committed", ...this.#last });
  }

  /** Tells of more that can be read. */
  committed(committed: { readonly fd: number; readonly bytes: number }): void {
    this.#last = committed;
    // Told in bunches: each time the thread wakes it may take the core that a key's echo needs just then.
    if (committed.bytes - this.#told >= TELL_AT_ONCE_BYTES) this.#tellNow();
    else this.#telling ??= setTimeout(() => this.#tellNow(), TELL_EVERY_MS);
  }

  #tellNow(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#told = this.#last.bytes;
    this.#tell({ type: "committed", ...this.#last });
  }

  /** Tells that no more will come. One that has not started yet and has far too much before it does not start now. */
  ended(): void {
    clearTimeout(this.#telling);
    if (this.lag <= HOPELESS_BYTES) this.start();
    this.#tell({ type: "ended", ...this.#last });
  }

  /**
   * Waits until the watcher has seen everything: true. False when it failed, when it does not get going within
   * `startMs`, or as soon as it is clear that the rest would take longer than `restMs`.
   */
  async caughtUp(startMs: number, restMs: number): Promise<boolean> {
    const from = performance.now();
    // How fast it is shows from when it first got going: starting the thread says nothing of that.
    let going = { at: from, lag: this.lag, read: this.#read };
    while (!this.#settled) {
      const now = performance.now();
      if (going.read === 0 && this.#read > 0) going = { at: now, lag: this.lag, read: this.#read };
      if (now - from >= (this.#read === 0 ? startMs : startMs + restMs)) break;
      const passed = now - going.at;
      const done = going.lag - this.lag;
      if (this.#read > 0 && passed >= HOPE_MS && passed * this.lag > restMs * done) break;
      if (this.lag > HOPELESS_BYTES) break;
      await Promise.race([this.#finished, pause(STEP_MS)]);
    }
    return this.#isDone;
  }

  /** How many bytes of the recording have not been looked at. */
  get lag(): number {
    return this.#last.bytes - this.#read;
  }

  /** Why the watcher could not do its work, if so. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  #tell(message: ToWatcher): void {
    this.#worker?.postMessage(message);
  }

  #heard(message: FromWatcher): void {
    switch (message.type) {
      case "flag":
        this.#onFlag(message.flag);
        return;
      case "progress":
        this.#read = message.bytes;
        return;
      case "done":
        this.#isDone = true;
        this.#settle();
        return;
      case "trouble":
        this.#failed(message.message);
        return;
    }
  }

  #failed(message: string): void {
    this.#trouble ??= message;
    this.#settle();
  }
}
