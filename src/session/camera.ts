import { startClock } from "../core/clock.js";
import type { Exit, SessionMeta } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { type Home, recordingPath } from "../core/home.js";
import type { SessionId } from "../core/units.js";
import { AgentTerminal } from "../pty/agentTerminal.js";
import { SafePoint } from "../pty/safePoint.js";
import type { UserTerminal } from "../pty/userTerminal.js";
import type { Signer } from "../recording/seal.js";
import type { Trouble } from "../recording/trouble.js";
import { RecordingWriter } from "../recording/writer.js";
import { Alarm } from "../respond/alarm.js";
import { notification } from "../respond/notification.js";
import { recordedInput } from "./keys.js";
import { CAMERA_VARIABLE, cameraMark } from "./nested.js";
import type { Observers } from "./observing/observers.js";
import { passSignals, suspendSelf } from "./signals.js";
import { StdinPipe } from "./stdinPipe.js";
import { Watcher } from "./watcher.js";

/** With so many bytes not yet on the disk the agent waits, as it does for a slow terminal. */
const LARGE_BACKLOG = 4 * 1024 * 1024;
/** The guard and the watcher start when the agent has had its first moments to itself. */
const HELPERS_AFTER_MS = 20;
/** So much output within one look is a flood; and how long the watcher's start is put off for one at most. */
const FLOOD_BYTES = 500_000;
const FLOOD_LOOK_MS = 30;
const FLOOD_PATIENCE_MS = 5_000;
/** How long an agent has to end by itself once its person's terminal is gone. */
const HANG_UP_AFTER_MS = 1_000;

export interface CameraOptions {
  readonly home: Home;
  readonly session: SessionId;
  readonly signer: Signer;
  readonly meta: SessionMeta;
  /** The file to run for `meta.command`. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly detectors: readonly string[];
  readonly maskPasswords: boolean;
  readonly observers: Observers;
  /** Whether flags ring the bell and send a notification. */
  readonly alerts: boolean;
  onTrouble(trouble: Trouble): void;
}

export interface Recorded {
  readonly exit: Exit;
  /** What has been flagged by now: the watcher may still be looking at the last of the session. */
  flags(): readonly Flag[];
  readonly bytes: number;
  /** What the person should know of what was not seen, in words. */
  readonly remarks: readonly string[];
  /** Whether everything, the end included, is in the recording. */
  readonly whole: boolean;
  readonly watcher: Watcher;
  /** A descriptor of the recording that no path leads to. */
  readonly source: number;
}

/**
 * One session under the camera: everything between the agent's terminal and the person's passes here, is passed on
 * first and recorded right after. Looking at it is the watcher's work, in a thread of its own.
 */
export class Camera {
  readonly #options: CameraOptions;
  readonly #user: UserTerminal;
  readonly #writer: RecordingWriter;
  readonly #watcher: Watcher;
  readonly #agent: AgentTerminal;
  readonly #safePoint = new SafePoint();
  readonly #alerts: Uint8Array[] = [];
  readonly #remarks: string[] = [];
  readonly #flags = new Map<string, Flag>();
  readonly #alarm = new Alarm();
  readonly #stdin: StdinPipe | undefined;
  readonly #done: Promise<Recorded>;
  #finish: (recorded: Recorded) => void = () => {};
  #stopSignals: () => void = () => {};
  #helpers: NodeJS.Timeout | undefined;
  /** Whether the terminal, or the disk, has so much to take that the agent is made to wait. */
  #screenIsFull = false;
  #diskIsFull = false;
  #shownBytes = 0;
  #terminalGone = false;
  #toldOfHangUp = false;
  #hangUp: NodeJS.Timeout | undefined;
  #suspended = false;

  /** Starts recording and the agent. Throws what RecordingWriter.create and AgentTerminal throw; nothing runs then. */
  constructor(user: UserTerminal, options: CameraOptions) {
    this.#options = options;
    this.#user = user;
    this.#done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const { home, session, meta, signer } = options;
    const startedAt = Date.now() * 1000;
    this.#watcher = new Watcher({ home, session, startedAt, detectors: options.detectors }, (flag) =>
      this.#flagged(flag),
    );
    this.#writer = RecordingWriter.create({
      path: recordingPath(home, session),
      session,
      startedAt,
      clock: startClock(),
      signer,
      meta,
      onCommit: (committed) => this.#watcher.committed(committed),
      onTrouble: (trouble) => options.onTrouble(trouble),
    });
    this.#stdin = meta.stdin === "pipe" ? new StdinPipe() : undefined;
    user.enterRaw();
    const { observers } = options;
    try {
      this.#agent = new AgentTerminal(
        {
          ...observers.wrap({ file: options.file, argv: meta.command }),
          cwd: meta.cwd,
          env: { ...options.env, TERM: meta.term, [CAMERA_VARIABLE]: cameraMark(session, process.pid) },
          size: meta.size,
          modes: user.modes,
          echo: user.modes !== undefined,
          translate: user.output === "terminal",
          stdinPipe: this.#stdin?.path,
        },
        {
          output: (bytes) => this.#output(bytes),
          stopped: () => this.#suspend(),
          ended: (exit) => void this.#ended(exit),
        },
      );
    } catch (error) {
      user.restore();
      this.#stdin?.remove();
      throw error;
    }
    observers.started(this.#agent.pid, startedAt, {
      frame: (frame) => this.#writer.appendFrame(frame),
      drained: () => this.#writer.drained(),
      trouble: (detail) => this.#remark(detail),
    });
    this.#listen();
  }

  /** Resolves when the agent has ended and its recording is complete. */
  done(): Promise<Recorded> {
    return this.#done;
  }

  /** The last thing done when bodycam itself fails: what is known is written, and the terminal is given back. */
  emergency(): void {
    this.#user.leave();
    this.#writer.emergency();
  }

  #listen(): void {
    const user = this.#user;
    user.onOutput(
      () => {
        this.#screenIsFull = false;
        this.#goOn();
      },
      () => this.#lostTerminal(),
    );
    user.onKeys(
      (bytes) => this.#input(bytes),
      () => (user.output === "terminal" ? this.#lostTerminal() : this.#passOn("SIGHUP")),
    );
    if (this.#stdin !== undefined) {
      void this.#stdin.pump((bytes) => this.#writer.append({ kind: "input", data: bytes }));
    } else if (user.input !== "terminal") {
      this.#feedFromStdin();
    }
    this.#stopSignals = passSignals((signal) => this.#passOn(signal));
    process.on("SIGWINCH", this.#resized);
    process.on("SIGCONT", this.#continued);
    this.#helpers = setTimeout(() => {
      // Starting them takes a moment, in which no timer runs: nothing shown may wait for the disk meanwhile.
      this.#writer.emergency();
      user.guard();
      this.#startWatcher(performance.now() + FLOOD_PATIENCE_MS);
    }, HELPERS_AFTER_MS);
  }

  /** Starts the watcher, but not while output floods: what it loads would take a core from the terminal just then. */
  #startWatcher(latest: number): void {
    const before = this.#shownBytes;
    this.#helpers = setTimeout(() => {
      const floods = this.#shownBytes - before > FLOOD_BYTES;
      if (floods && performance.now() < latest) this.#startWatcher(latest);
      else this.#watcher.start();
    }, FLOOD_LOOK_MS);
  }

  /** Standard input that is no terminal and has nothing at the start: whatever comes later is typed for the agent. */
  #feedFromStdin(): void {
    process.stdin.on("data", (bytes: Uint8Array) => this.#input(bytes));
    process.stdin.on("error", () => {});
    process.stdin.on("end", () => {
      const line = this.#agent.lineState();
      if (line?.canonical === true) this.#agent.write(Uint8Array.of(line.endOfFile));
    });
  }

  #output(bytes: Uint8Array): boolean {
    if (!this.#terminalGone) this.#show(bytes);
    this.#writer.appendOutput(bytes);
    this.#safePoint.passed(bytes);
    this.#shownBytes += bytes.length;
    this.#alert();
    if (this.#writer.backlog >= LARGE_BACKLOG && !this.#diskIsFull) {
      this.#diskIsFull = true;
      void this.#writer.drained().then(() => {
        this.#diskIsFull = false;
        this.#goOn();
      });
    }
    return !this.#screenIsFull && !this.#diskIsFull;
  }

  #show(bytes: Uint8Array): void {
    if (!this.#user.write(bytes)) this.#screenIsFull = true;
  }

  /** The agent may write again when neither the terminal nor the disk needs time. */
  #goOn(): void {
    if (!this.#screenIsFull && !this.#diskIsFull) this.#agent.resume();
  }

  #lostTerminal(): void {
    if (this.#terminalGone) return;
    this.#terminalGone = true;
    if (!this.#toldOfHangUp) this.#passOn("SIGHUP");
    if (this.#user.output !== "terminal") return;
    // Some agents pay no heed to the signal and end only with their terminal. They get a moment for what it makes them do.
    this.#hangUp = setTimeout(() => this.#agent.hangUp(), HANG_UP_AFTER_MS);
  }

  #input(bytes: Uint8Array): void {
    const line = this.#options.maskPasswords ? this.#agent.lineState() : undefined;
    this.#agent.write(bytes);
    this.#writer.append(recordedInput(bytes, line, this.#options.maskPasswords));
  }

  #passOn(signal: NodeJS.Signals): void {
    this.#writer.append({ kind: "signal", signal });
    this.#agent.signal(signal);
    // As the kernel does on a hang-up: what is stopped must run to take notice.
    if (signal !== "SIGHUP") return;
    this.#toldOfHangUp = true;
    this.#agent.wake();
  }

  readonly #resized = (): void => {
    const size = this.#user.size();
    if (size === undefined) return;
    this.#agent.resize(size);
    this.#writer.append({ kind: "resize", size });
  };

  #suspend(): void {
    if (this.#suspended) return;
    this.#suspended = true;
    this.#writer.append({ kind: "suspend" });
    this.#writer.emergency();
    this.#user.restore();
    suspendSelf(() => {
      this.#suspended = false;
      this.#writer.append({ kind: "resume" });
      this.#agent.wake();
    });
  }

  /** A shell has its own modes set while we were stopped, and the window may have another size. */
  readonly #continued = (): void => {
    this.#user.enterRaw();
    this.#resized();
  };

  #flagged(flag: Flag): void {
    // One that comes again has more known of it.
    this.#flags.set(flag.id, flag);
    if (this.#options.alerts && this.#alarm.rings(flag)) {
      this.#alerts.push(notification(flag.rule.sentence, this.#options.env.TMUX !== undefined));
      this.#writer.append({
        kind: "notice",
        notice: { what: "alert", detail: `${flag.rule.id} ${flag.rule.title}` },
      });
      this.#alert();
    }
    this.#writer.sealSoon();
  }

  /** Something can't work, or is not seen, because of the camera: that is no flag, but the person must know. */
  #remark(detail: string): void {
    this.#remarks.push(detail);
    if (!this.#options.alerts) return;
    this.#alerts.push(notification(detail, this.#options.env.TMUX !== undefined));
    this.#alert();
  }

  /** Calls the person, as soon as that does not fall into the middle of something. */
  #alert(): void {
    if (this.#alerts.length === 0 || !this.#safePoint.reached || this.#terminalGone) return;
    const alerts = Buffer.concat(this.#alerts.splice(0));
    if (this.#user.output === "terminal") this.#show(alerts);
  }

  async #ended(exit: Exit): Promise<void> {
    await this.#user.flushed();
    clearTimeout(this.#helpers);
    clearTimeout(this.#hangUp);
    this.#stopSignals();
    process.off("SIGWINCH", this.#resized);
    process.off("SIGCONT", this.#continued);
    this.#user.leaveKeys();
    this.#user.restore();
    this.#user.releaseGuard();
    this.#stdin?.remove();
    await this.#options.observers.stop();
    const ended = await this.#writer.end(exit);
    this.#watcher.ended();
    this.#finish({
      exit,
      flags: () => [...this.#flags.values()],
      remarks: this.#remarks,
      bytes: ended.bytes,
      whole: ended.intact,
      watcher: this.#watcher,
      source: this.#writer.source,
    });
  }
}
