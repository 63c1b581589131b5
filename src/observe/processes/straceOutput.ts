import { closeSync, rmSync } from "node:fs";
import { Socket, type SocketConstructorOpts } from "node:net";
import { drain, makeStracePipe, type StracePipe } from "./stracePipe.js";

/**
 * How long the reader rests after a read, so that a burst of lines costs a few wake-ups instead of one a line. The
 * pipe holds 64 KiB meanwhile: several hundred lines.
 */
const REST_MS = 3;

const READ_SIZE = 64 * 1024;

/**
 * The pipe through which strace's lines come: a named pipe in a private directory, whose name is gone as soon as
 * strace holds it. Nothing is lost: a full pipe makes strace wait.
 */
export class StraceOutput {
  readonly path: string;
  readonly #directory: string;
  readonly #reader: number;
  /** Our own writing end, so that the pipe has no end before strace has come. */
  #holder: number | undefined;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Rejects where no named pipe can be made. */
  static async create(): Promise<StraceOutput> {
    return new StraceOutput(await makeStracePipe());
  }

  constructor(pipe: StracePipe) {
    this.#directory = pipe.directory;
    this.path = pipe.path;
    this.#reader = pipe.reader;
    this.#holder = pipe.holder;
  }

  /** Hands on what comes. `ended`: strace has closed its end, which it does only when it ends. */
  read(bytes: (bytes: Uint8Array) => void, ended: () => void): void {
    const socket = new Socket({
      fd: this.#reader,
      readable: true,
      writable: false,
      // Read straight from the pipe: a paused stream would go on filling its own queue, and hand it on in pieces.
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_SIZE),
        callback: (length: number, buffer: Uint8Array) => {
          this.#release();
          bytes(buffer.subarray(0, length));
          this.#timer = setTimeout(() => socket.resume(), REST_MS);
          this.#timer.unref();
          return false;
        },
      },
    } as SocketConstructorOpts);
    this.#socket = socket;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (!this.#closed) ended();
      this.close();
    });
    socket.resume();
    socket.unref();
  }

  /**
   * Stops reading while strace goes on for processes that outlive the session. They may not lose their tracer (the
   * kernel would end them), and a pipe that nobody reads would end the tracer: so something reads and forgets.
   */
  leaveDrain(): void {
    if (!this.#closed && this.#holder === undefined) drain(this.#reader);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#release();
    if (this.#socket === undefined) closeSync(this.#reader);
    else this.#socket.destroy();
  }

  /** strace is there: its pipe needs neither a name nor our own writing end any more. */
  #release(): void {
    if (this.#holder === undefined) return;
    closeSync(this.#holder);
    this.#holder = undefined;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
