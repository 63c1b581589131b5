import { messageOf } from "../../core/errors.js";
import type { CoverageFact, FileFact, Observation } from "../../core/observation.js";
import { micros } from "../../core/units.js";
import type { FileObserver } from "../../observe/files/fileObserver.js";
import { ProcessObserver } from "../../observe/processes/processObserver.js";
import { FrameBatcher } from "./frameBatcher.js";
import type { FromObserving, ObservingStart, ToObserving } from "./protocol.js";
import type { CopiedPiece, TranscriptObserver } from "./transcripts.js";

/** Everything that is looked at beyond the terminal, in the observing thread; what it sees is sent as frames. */
export class Sources {
  readonly #start: ObservingStart;
  readonly #files: FileObserver | undefined;
  readonly #send: (message: FromObserving, transfer: readonly ArrayBuffer[]) => void;
  readonly #frames = new FrameBatcher((batch) => {
    const asks = this.#asks;
    this.#asks = false;
    const { codes, lengths, bytes } = batch;
    this.#send({ type: "frames", batch, asks }, [
      codes.buffer,
      lengths.buffer,
      bytes.buffer,
    ] as ArrayBuffer[]);
  });
  /** The wall clock at the session's start, microseconds since 1970; facts from before are not the session's. */
  #startedAt: number | undefined;
  #processes: ProcessObserver | undefined;
  #transcripts: TranscriptObserver | undefined;
  #following: Promise<void> | undefined;
  /** What the transcripts' follower is to know as soon as it is there. */
  readonly #untold: ((follower: TranscriptObserver) => void)[] = [];
  #taken: () => void = () => {};
  /** Whether the next batch is to be answered. */
  #asks = false;

  constructor(
    start: ObservingStart,
    files: FileObserver | undefined,
    send: (message: FromObserving, transfer?: readonly ArrayBuffer[]) => void,
  ) {
    this.#start = start;
    this.#files = files;
    this.#send = send;
  }

  get processes(): ProcessObserver | undefined {
    return this.#processes;
  }

  /** What the camera says. */
  hear(message: Exclude<ToObserving, { type: "begin" }>): void {
    switch (message.type) {
      case "prepared":
        this.#processes = this.#processObserver(message.prepared);
        return;
      case "started":
        this.#startedAt = message.startedAt;
        this.#following = this.#follow(message.pid, message.startedAt);
        return;
      case "stop":
        void this.#stop().finally(() => {
          this.#frames.flush();
          this.#send({ type: "stopped" }, []);
        });
        return;
      case "taken":
        this.#taken();
        return;
    }
  }

  /** `at`: microseconds since 1970. */
  file(fact: FileFact, at: number): void {
    this.#observed({ source: "file", fact }, at);
  }

  covered(fact: CoverageFact): void {
    this.#frames.add({ kind: "observation", observation: { source: "coverage", fact } });
  }

  #processObserver(prepared: ConstructorParameters<typeof ProcessObserver>[1]): ProcessObserver {
    const { mode, cwd, env, mark } = this.#start;
    return new ProcessObserver(
      {
        mode,
        cwd,
        env,
        mark,
        onFact: (fact, at) => {
          this.#observed({ source: "process", fact }, at);
          if (fact.what === "exec") this.#tellTranscripts((follower) => follower.executed(fact));
        },
        onCoverage: (fact) => this.covered(fact),
        onTrouble: (detail) => this.#send({ type: "trouble", detail }, []),
        onTouched: (file, at) => {
          this.#files?.touched(file, at);
          if (file.access === "write") this.#tellTranscripts((follower) => follower.opened(file.path));
        },
      },
      prepared,
    );
  }

  /** The transcripts' follower is loaded only now: the agent's start waits for what comes before. */
  async #follow(pid: number, startedAt: number): Promise<void> {
    this.#processes?.start(pid);
    const { command, cwd, env } = this.#start;
    const { followTranscripts } = await import("./transcripts.js");
    const follower = followTranscripts({
      command,
      cwd,
      env,
      startedAt: Math.floor(startedAt / 1000),
      ancestor: process.pid,
      onFact: (fact, at) =>
        this.#observed({ source: "tool", fact }, at === undefined ? undefined : Math.floor(at * 1000)),
      onCoverage: (fact) => this.covered(fact),
    });
    this.#transcripts = follower;
    for (const one of this.#untold.splice(0)) one(follower);
  }

  #tellTranscripts(one: (follower: TranscriptObserver) => void): void {
    if (this.#transcripts === undefined) this.#untold.push(one);
    else one(this.#transcripts);
  }

  /** The last lines of strace first: they say what the transcript's calls did. */
  async #stop(): Promise<void> {
    await this.#processes?.stop();
    await this.#files?.stop();
    await this.#following;
    const transcripts = (await this.#transcripts?.stop()) ?? [];
    if (transcripts.length === 0) return;
    const { piecesOf } = await import("./transcripts.js");
    for (const transcript of transcripts) {
      try {
        for await (const piece of piecesOf(transcript)) await this.#keep(piece);
      } catch (error) {
        this.covered({
          source: "transcript",
          state: "failed",
          detail: `${transcript.path} could not be copied whole: ${messageOf(error)}`,
        });
      }
    }
  }

  /** Hands a piece of a transcript to the camera and waits until it has taken it: a transcript can be large. */
  async #keep({ conversation, data, ...piece }: CopiedPiece): Promise<void> {
    const origin = conversation === undefined ? piece : { ...piece, conversation };
    await new Promise<void>((resolve) => {
      this.#taken = resolve;
      // Before the piece is added: a large one is sent at once.
      this.#asks = true;
      this.#frames.add({ kind: "transcript", piece: origin, data });
      this.#frames.flush();
    });
  }

  /** `at`: microseconds since 1970, where it is known. */
  #observed(observation: Observation, at: number | undefined): void {
    if (this.#startedAt === undefined) return;
    if (at === undefined) this.#frames.add({ kind: "observation", observation });
    else
      this.#frames.add({
        kind: "observation",
        observation,
        happened: micros(Math.max(0, at - this.#startedAt)),
      });
  }
}
