import { Worker } from "node:worker_threads";
import { messageOf } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import type { FromWatcher, ToWatcher, WatcherStart } from "./protocol.js";

/** The watcher's share of memory, in MiB: it may lag, but it may not grow. */
const OLD_SPACE_MB = 96;
const YOUNG_SPACE_MB = 4;

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
  #read = 0;
  #trouble: string | undefined;
  #isDone = false;

  constructor(start: WatcherStart, onFlag: (flag: Flag) => void) {
    this.#start = start;
    this.#onFlag = onFlag;
    this.#finished = new Promise((resolve) => {
      this.#settle = resolve;
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
    this.#tell({ type: "committed", ...committed });
  }

  /** Tells that no more will come. */
  ended(): void {
    this.#tell({ type: "ended", ...this.#last });
  }

  /** Resolves with true when the watcher has seen everything, with false after `milliseconds`, or when it failed. */
  async caughtUp(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([this.#finished, timeout]);
    clearTimeout(timer);
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
