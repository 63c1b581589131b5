import { closeSync, rmSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { messageOf } from "../../core/errors.js";
import type { CoverageFact } from "../../core/observation.js";
import { drain, secondReader } from "../../observe/processes/stracePipe.js";
import { type Command, type Prepared, prepareTracing, wrapCommand } from "../../observe/processes/tracing.js";
import { encodeBody, type RawFrame } from "../../recording/frame.js";
import { framesOf } from "./frameBatcher.js";
import type { FromObserving, ObservingStart, ToObserving } from "./protocol.js";
import { dropThread, takeThread } from "./thread.js";

/**
 * How long the agent's start waits for the watch on sensitive files: until so long after our own start, or a little.
 * The watch goes on being set up after that, and the recording says when it stood.
 */
const READY_BY_MS = 115;
const LEAST_WAIT_MS = 10;
/** How long the session's end waits for the last facts, and for each piece of a transcript. */
const STOP_MS = 4000;
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
    if (start.mode === "off") dropThread();
    const worker = start.mode === "off" ? undefined : takeThread();
    worker?.postMessage({ type: "begin", start } satisfies ToObserving);
    const ready = new Promise<void>((resolve) => {
      worker?.on("message", ({ type }: FromObserving) => {
        if (type === "ready") resolve();
      });
      worker?.once("error", () => resolve());
    });
    const observers = new Observers(start, worker, await prepareTracing(start.mode, start.env));
    await observers.#ready(ready);
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

  async #ready(ready: Promise<void>): Promise<void> {
    if (this.#worker === undefined) return;
    const { tracing } = this.#prepared;
    if (tracing !== undefined) this.#spare = secondReader(tracing.pipe);
    this.#tell({ type: "prepared", prepared: this.#prepared });
    await Promise.race([ready, after(Math.max(LEAST_WAIT_MS, READY_BY_MS - performance.now()))]);
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
    if (message.type === "stopped") {
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
