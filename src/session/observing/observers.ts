import { closeSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../core/errors.js";
import type { CoverageFact } from "../../core/observation.js";
import { drain, secondReader } from "../../observe/processes/stracePipe.js";
import { type Command, type Prepared, prepareTracing, wrapCommand } from "../../observe/processes/tracing.js";
import { encodeBody, type RawFrame } from "../../recording/frame.js";
import { framesOf } from "./frameBatcher.js";
import type { FromObserving, ObservingStart, ToObserving } from "./protocol.js";

/** How long the agent's start waits for the watch on sensitive files. It goes on being set up after that. */
const READY_MS = 1500;
/** How long the session's end waits for the last facts, and for each piece of a transcript. */
const STOP_MS = 4000;
/** The thread's share of memory, in MiB. */
const OLD_SPACE_MB = 192;
const YOUNG_SPACE_MB = 4;

/** Where what is seen goes. */
export interface ObservationSink {
  /** One frame for the recording. */
  frame(frame: RawFrame): void;
  /** Resolves when the recording has room again. */
  drained(): Promise<void>;
  /** The person should hear of it at once. */
  trouble(detail: string): void;
}

/**
 * What looks beyond the terminal, from the camera's side: a thread of its own, and strace in front of the agent. The
 * session goes on whatever becomes of it; what is not seen then is said in the recording.
 */
export class Observers {
  readonly #start: ObservingStart;
  readonly #prepared: Prepared;
  readonly #worker: Worker | undefined;
  readonly #waiting: (() => void)[] = [];
  readonly #early: FromObserving[] = [];
  readonly #settled: Promise<void>;
  /** Keeps strace's pipe open should the thread break down. */
  #spare: number | undefined;
  #sink: ObservationSink | undefined;
  #settle: () => void = () => {};
  #heard = 0;
  #over = false;

  /** Finds out what this machine allows, and has the sensitive files watched. Never rejects. */
  static async prepare(start: ObservingStart): Promise<Observers> {
    // The thread loads while strace is tried.
    const worker =
      start.mode === "off"
        ? undefined
        : new Worker(new URL("./observe.js", import.meta.url), {
            workerData: start,
            // The pipe's descriptors are opened here and closed there.
            trackUnmanagedFds: false,
            resourceLimits: {
              maxOldGenerationSizeMb: OLD_SPACE_MB,
              maxYoungGenerationSizeMb: YOUNG_SPACE_MB,
            },
          });
    const broken = new Promise<void>((resolve) => worker?.once("error", () => resolve()));
    const observers = new Observers(start, worker, await prepareTracing(start.mode, start.env));
    await observers.#ready(broken);
    return observers;
  }

  private constructor(start: ObservingStart, worker: Worker | undefined, prepared: Prepared) {
    this.#start = start;
    this.#worker = worker;
    this.#prepared = prepared;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    worker?.on("message", (message: FromObserving) => this.#hear(message));
    worker?.on("error", (error) => this.#failed(messageOf(error)));
    worker?.on("exit", () => this.#settle());
  }

  async #ready(broken: Promise<void>): Promise<void> {
    if (this.#worker === undefined) return;
    const { tracing } = this.#prepared;
    if (tracing !== undefined) this.#spare = secondReader(tracing.pipe);
    const ready = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#tell({ type: "prepared", prepared: this.#prepared });
    await Promise.race([ready, broken, after(READY_MS)]);
  }

  /** What to run instead of `command`, so that it is seen. */
  wrap(command: Command): Command {
    return this.#over ? command : wrapCommand(this.#prepared, this.#start.mode, command, this.#start.env);
  }

  /** The agent runs as process `pid`. `startedAt`: wall clock of the recording's start, microseconds since 1970. */
  started(pid: number, startedAt: number, sink: ObservationSink): void {
    this.#sink = sink;
    if (this.#worker === undefined) for (const fact of this.#prepared.coverage) this.#note(fact);
    for (const message of this.#early.splice(0)) this.#take(message, sink);
    this.#tell({ type: "started", pid, startedAt });
  }

  /** The agent has ended: resolves when the last facts are in the recording, or it is clear that they won't come. */
  async stop(): Promise<void> {
    if (this.#worker === undefined) return;
    if (!this.#over) {
      this.#tell({ type: "stop" });
      // As long as something comes, something is to be waited for.
      for (let heard = -1; heard !== this.#heard && !this.#over; ) {
        heard = this.#heard;
        await Promise.race([this.#settled, after(STOP_MS)]);
      }
      if (!this.#over) this.#failed("it did not come to an end");
    }
    void this.#worker.terminate();
    this.#closeSpare();
  }

  /** The agent could not be started: leaves nothing behind. */
  abandon(): void {
    this.#over = true;
    void this.#worker?.terminate();
    this.#closeSpare();
    const { tracing } = this.#prepared;
    if (tracing !== undefined) rmSync(tracing.pipe.directory, { recursive: true, force: true });
  }

  #tell(message: ToObserving): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: FromObserving): void {
    this.#heard++;
    if (message.type === "ready") for (const wake of this.#waiting.splice(0)) wake();
    else if (message.type === "stopped") {
      this.#over = true;
      this.#settle();
    } else if (this.#sink === undefined) this.#early.push(message);
    else this.#take(message, this.#sink);
  }

  #take(message: FromObserving, sink: ObservationSink): void {
    if (message.type === "trouble") sink.trouble(message.detail);
    if (message.type !== "frames") return;
    for (const frame of framesOf(message.batch)) sink.frame(frame);
    if (message.asks) void sink.drained().then(() => this.#tell({ type: "taken" }));
  }

  /** The thread has broken down: nothing is seen from here on, and strace must not be kept waiting. */
  #failed(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#settle();
    const detail = `What lies beyond the terminal is no longer seen: the observer broke down (${why}).`;
    const sources = ["inotify", "transcript"] as const;
    const processes = this.#prepared.tracing === undefined ? "process-table" : "strace";
    this.#sink?.trouble(detail);
    for (const source of [processes, ...sources] as const) this.#note({ source, state: "failed", detail });
    if (this.#spare !== undefined) drain(this.#spare);
  }

  #note(fact: CoverageFact): void {
    this.#sink?.frame(encodeBody({ kind: "observation", observation: { source: "coverage", fact } }));
  }

  #closeSpare(): void {
    if (this.#spare === undefined) return;
    closeSync(this.#spare);
    this.#spare = undefined;
  }
}

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
