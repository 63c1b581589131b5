import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, write as writeAsync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ReadStream } from "node:tty";
import { systemCode } from "../core/errors.js";
import type { TerminalSize } from "../core/event.js";
import { Backlog } from "./backlog.js";
import { guardian, hex, native, sizeOf, type TerminalModes } from "./native.js";

const STDIN = 0;
const STDOUT = 1;
/**
 * What the terminal has not taken yet is kept here before the agent is made to wait: as much as it takes in `AHEAD_MS`,
 * within these bounds. More keeps a fast terminal busy; with a slow one it would be output that goes on after Ctrl-C.
 */
const LEAST_KEPT = 128 * 1024;
const MOST_KEPT = 512 * 1024;
const AHEAD_MS = 20;

/** The same as in guard.c, which says what each is for. */
const LEAVE = Buffer.from(
  "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[<u\x1b[?2026l\x1b[?1049l\x1b[?25h\x1b[0m\r\n",
);

/** What one of the camera's own standard streams is. */
export type StreamKind = "terminal" | "pipe" | "file" | "nothing";

function kindOf(fd: number): StreamKind {
  if (sizeOf(fd) !== undefined) return "terminal";
  try {
    const stat = fstatSync(fd);
    if (stat.isFile()) return "file";
    return stat.isFIFO() || stat.isSocket() ? "pipe" : "nothing";
  } catch {
    return "nothing";
  }
}

/** Where keys come from: standard input, or the terminal that we were started at when that is something else. */
function openKeyboard(input: StreamKind, output: StreamKind): number | undefined {
  if (input === "terminal") return STDIN;
  if (output !== "terminal") return undefined;
  try {
    return openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/**
 * The terminal of the person at the camera: its size, its raw mode, its keys, and writing to it without ever holding
 * much that it has not taken yet.
 */
export class UserTerminal {
  readonly input: StreamKind = kindOf(STDIN);
  readonly output: StreamKind = kindOf(STDOUT);
  /** The terminal that keys come from; undefined when nobody sits at one. */
  readonly #keyboard: number | undefined = openKeyboard(this.input, this.output);
  /** The modes to give back at the end; undefined without a keyboard. */
  readonly modes: TerminalModes | undefined =
    this.#keyboard === undefined ? undefined : native.modes(this.#keyboard);
  /** A second way to standard output that never blocks; undefined when the system gives none. */
  readonly #direct: number | undefined;
  #raw = false;
  readonly #kept = new Backlog();
  #keptBytes = 0;
  #mayKeep = LEAST_KEPT;
  #writing = false;
  #awaited = false;
  #ready: () => void = () => {};
  #gone: () => void = () => {};
  #stopKeys: () => void = () => {};
  #releaseGuard: (() => void) | undefined;

  constructor() {
    this.#direct = this.output === "terminal" || this.output === "pipe" ? openDirect() : undefined;
  }

  /** The size of the screen, or undefined where there is none. */
  size(): TerminalSize | undefined {
    return sizeOf(STDOUT) ?? (this.#keyboard === undefined ? undefined : sizeOf(this.#keyboard));
  }

  /** Hands over every key as it comes; `gone` is called when the terminal is. */
  onKeys(keys: (bytes: Uint8Array) => void, gone: () => void): void {
    if (this.#keyboard === undefined) return;
    const stream = new ReadStream(this.#keyboard);
    stream.on("data", keys);
    stream.on("end", gone);
    stream.on("error", gone);
    this.#stopKeys = () => stream.destroy();
  }

  /** Reads no more keys: what is typed from now on is for whoever reads the terminal next. */
  leaveKeys(): void {
    this.#stopKeys();
  }

  /** Every key goes to the agent as it is, and everything the agent writes to the screen as it is. */
  enterRaw(): void {
    if (this.modes === undefined || this.#keyboard === undefined) return;
    native.setModes(this.#keyboard, native.rawModes(this.modes));
    this.#raw = true;
  }

  /** Gives the terminal back as it was. Safe to call at any time, and more than once. */
  restore(): void {
    if (this.modes === undefined || this.#keyboard === undefined || !this.#raw) return;
    native.setModes(this.#keyboard, this.modes);
    this.#raw = false;
  }

  /** Starts the process that restores the terminal if this one is killed. */
  guard(): void {
    if (this.modes === undefined || this.#keyboard === undefined || this.#releaseGuard !== undefined) return;
    const child = spawn(guardian, [hex(this.modes)], {
      stdio: ["pipe", this.#keyboard, "ignore"],
      detached: true,
    });
    child.on("error", () => {});
    child.stdin?.on("error", () => {});
    child.unref();
    this.#releaseGuard = () => child.stdin?.end("x");
  }

  /**
   * After a crash of our own: gives the terminal back with all that a full-screen agent may have switched on, as the
   * guard would. The guard itself would come too late: the shell may be reading keys by then, in modes of its own.
   */
  leave(): void {
    const wasRaw = this.#raw;
    this.restore();
    if (!wasRaw || this.#keyboard === undefined) return;
    native.write(this.#keyboard, LEAVE, 0, LEAVE.length);
    this.releaseGuard();
  }

  /** Tells the guard that all is well. */
  releaseGuard(): void {
    this.#releaseGuard?.();
    this.#releaseGuard = undefined;
  }

  /** Tells when the terminal can take more after `write` said that it can't, and when it is gone. */
  onOutput(ready: () => void, gone: () => void): void {
    this.#ready = ready;
    this.#gone = gone;
  }

  /**
   * Writes to standard output, in order. What the terminal does not take at once is kept and follows. False when that
   * is much: nothing more should be written until `ready` is called, so that the agent waits and not our memory.
   */
  write(bytes: Uint8Array): boolean {
    let taken = 0;
    if (this.#kept.length === 0 && !this.#writing && this.#direct !== undefined) {
      taken = Math.max(0, native.write(this.#direct, bytes, 0, bytes.length));
      if (taken === bytes.length) return true;
    }
    this.#kept.add(bytes.subarray(taken));
    this.#keptBytes += bytes.length - taken;
    this.#writeKept();
    this.#awaited = this.#keptBytes >= this.#mayKeep;
    return !this.#awaited;
  }

  /** Waits in the thread pool for a terminal that is slower than its agent. */
  #writeKept(): void {
    if (this.#writing || this.#kept.length === 0) return;
    const bytes = this.#kept.take();
    this.#writing = true;
    const from = performance.now();
    this.#writeFully(bytes, (error) => {
      this.#writing = false;
      this.#keptBytes -= bytes.length;
      const taken = (bytes.length / (performance.now() - from)) * AHEAD_MS;
      this.#mayKeep = Math.min(MOST_KEPT, Math.max(LEAST_KEPT, taken));
      if (error !== undefined) this.#gone();
      if (this.#awaited && this.#keptBytes < this.#mayKeep) {
        this.#awaited = false;
        this.#ready();
      }
      this.#writeKept();
    });
  }

  #writeFully(bytes: Uint8Array, done: (error: string | undefined) => void): void {
    writeAsync(STDOUT, bytes, (error, written) => {
      if (error === null) {
        if (written < bytes.length) this.#writeFully(bytes.subarray(written), done);
        else done(undefined);
        return;
      }
      const code = systemCode(error) ?? "EIO";
      if (code === "EAGAIN") setTimeout(() => this.#writeFully(bytes, done), 2);
      else done(code);
    });
  }

  /** Resolves when everything written has been taken. */
  async flushed(): Promise<void> {
    while (this.#keptBytes > 0) await pause(2);
  }

  close(): void {
    if (this.#direct !== undefined) closeSync(this.#direct);
  }
}

/**
 * Opens standard output a second time, so that switching off blocking there leaves the streams alone that other
 * programs share with us. Not possible for sockets, nor for a terminal of another user.
 */
function openDirect(): number | undefined {
  const path = process.platform === "linux" ? "/proc/self/fd/1" : "/dev/tty";
  if (process.platform !== "linux" && sizeOf(STDOUT) === undefined) return undefined;
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
