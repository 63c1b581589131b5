import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, write as writeAsync } from "node:fs";
import { ReadStream } from "node:tty";
import { systemCode } from "../core/errors.js";
import type { TerminalSize } from "../core/event.js";
import { guardian, hex, native, sizeOf, type TerminalModes } from "./native.js";

const STDIN = 0;
const STDOUT = 1;

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
 * more than one piece of output that it has not taken yet.
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
  #stopKeys: () => void = () => {};
  #releaseGuard: (() => void) | undefined;
  readonly #waiting: { bytes: Uint8Array; readonly done: (error: string | undefined) => void }[] = [];

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

  /** Tells the guard that all is well. */
  releaseGuard(): void {
    this.#releaseGuard?.();
    this.#releaseGuard = undefined;
  }

  /** Whether something written has not been taken yet. */
  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Writes to standard output, in order. True when everything was taken at once. Otherwise `done` is called when it has
   * been, with the system's error code when the terminal is gone; until then `bytes` must stay as they are.
   */
  write(bytes: Uint8Array, done: (error: string | undefined) => void): boolean {
    if (this.busy) {
      this.#waiting.push({ bytes, done });
      return false;
    }
    const taken =
      this.#direct === undefined ? 0 : Math.max(0, native.write(this.#direct, bytes, 0, bytes.length));
    if (taken === bytes.length) return true;
    this.#waiting.push({ bytes: bytes.subarray(taken), done });
    this.#writeNext();
    return false;
  }

  /** Waits in the thread pool for a terminal that is slower than its agent. */
  #writeNext(): void {
    const next = this.#waiting[0];
    if (next === undefined) return;
    writeAsync(STDOUT, next.bytes, (error, written) => {
      const code = error === null ? undefined : systemCode(error);
      if (code === "EAGAIN") {
        setTimeout(() => this.#writeNext(), 2);
        return;
      }
      if (error === null && written < next.bytes.length) {
        next.bytes = next.bytes.subarray(written);
        this.#writeNext();
        return;
      }
      this.#waiting.shift();
      next.done(error === null ? undefined : (code ?? "EIO"));
      this.#writeNext();
    });
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
