import { closeSync, constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import { constants as os } from "node:os";
import { dirname, join } from "node:path";
import { ReadStream } from "node:tty";
import { BodycamError } from "../core/errors.js";
import type { Exit, TerminalSize } from "../core/event.js";
import { DrainMark } from "./drainMark.js";
import { hex, type LineState, launcher, lineStateOf, native, type TerminalModes } from "./native.js";

/** What node-pty's compiled part offers; its JavaScript around it is not used, see `AgentTerminal`. */
interface NodePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    onExit: (code: number, signal: number) => void,
  ): { readonly fd: number; readonly pid: number; readonly pty: string };
}

const require = createRequire(import.meta.url);

function nodePty(): { readonly module: NodePty; readonly helper: string } {
  const { loadNativeModule } = require("node-pty/lib/utils.js") as {
    loadNativeModule(name: string): { dir: string; module: NodePty };
  };
  const { dir, module } = loadNativeModule("pty");
  return { module, helper: join(dirname(require.resolve("node-pty/lib/utils.js")), dir, "spawn-helper") };
}

export interface AgentCommand {
  /** The file to run, already found. */
  readonly file: string;
  /** The arguments, the command's own name first. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size: TerminalSize;
  /** The modes of the user's terminal, to start with the same; undefined where there is none. */
  readonly modes: TerminalModes | undefined;
  /** False: keys are not echoed, whatever `modes` says. */
  readonly echo: boolean;
  /** False: output is passed on as written, without LF becoming CR LF. */
  readonly translate: boolean;
  /** A named pipe to read standard input from instead of the terminal. */
  readonly stdinPipe: string | undefined;
}

export interface AgentWatcher {
  /**
   * Output, in a buffer that is used again afterwards. False: nothing more is read (and the agent waits) until
   * `resume()`.
   */
  output(bytes: Uint8Array): boolean;
  /** The agent itself was stopped, by Ctrl-Z for instance. */
  stopped(): void;
  /** The agent has ended, and everything it wrote has been handed to `output`. */
  ended(exit: Exit): void;
}

const READ_SIZE = 256 * 1024;
/** How much is read before other things (a key, a timer) get their turn. */
const TURN = 64 * 1024;
/** How long the kernel is given to hand over the rest where no mark can be written. */
const HELD_OUTPUT_WAIT_MS = 50;

/**
 * The agent's terminal, from the camera's side.
 *
 * Only the compiled part of node-pty is used. Its JavaScript reads with a stream that takes a short read followed by
 * a hang-up for the end and so loses output (microsoft/node-pty#72), and closes the terminal 200 ms after the exit,
 * read or not. Here the camera keeps the other side of the terminal open as well, so that there is no hang-up, and
 * knows by a mark written after the exit when all output has come through.
 */
export class AgentTerminal {
  readonly pid: number;
  readonly #master: number;
  readonly #slave: number;
  readonly #stream: ReadStream;
  readonly #watcher: AgentWatcher;
  readonly #buffer = Buffer.allocUnsafeSlow(READ_SIZE);
  readonly #pending: Uint8Array[] = [];
  #exit: Exit | undefined;
  #mark: DrainMark | undefined;
  #paused = false;
  #closed = false;
  #hungUp = false;

  /** Starts the agent. Throws a BodycamError `camera-start` when there is no terminal to be had. */
  constructor(command: AgentCommand, watcher: AgentWatcher) {
    this.#watcher = watcher;
    const { size } = command;
    const { module, helper } = nodePty();
    const modes = command.modes === undefined ? "-" : hex(command.modes);
    const switches = `${command.echo ? "" : "e"}${command.translate ? "" : "o"}-`;
    const args = [modes, switches, command.stdinPipe ?? "-", command.file, ...command.argv];
    const env = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
    try {
      const started = module.fork(
        launcher,
        args,
        env,
        command.cwd,
        size.cols,
        size.rows,
        -1,
        -1,
        true,
        helper,
        (code, signal) => this.#exited(exitOf(code, signal)),
      );
      this.pid = started.pid;
      this.#master = started.fd;
      native.keepFromChildren(this.#master);
      this.#slave = openSync(started.pty, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch (cause) {
      throw new BodycamError("camera-start", "The system gave no terminal for the agent.", {
        hint: "Check `ls -l /dev/ptmx` and whether many terminals are open.",
        cause,
      });
    }
    if (size.xpixel > 0) this.resize(size);
    this.#stream = new ReadStream(this.#master, {
      // One buffer for every read, and no copies: this is where 1 GB sessions pass.
      onread: { buffer: this.#buffer, callback: (length: number) => this.#read(length) },
    } as ConstructorParameters<typeof ReadStream>[1]);
    this.#stream.on("error", () => this.#finish());
    this.#stream.resume();
    process.on("SIGCHLD", this.#childChanged);
  }

  /** Sends bytes to the agent as if typed. What the agent does not take yet waits, in order. */
  write(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#pending.push(bytes);
    if (this.#pending.length === 1) this.#send();
  }

  resize(size: TerminalSize): void {
    if (!this.#closed) native.setSize(this.#master, size.cols, size.rows, size.xpixel, size.ypixel);
  }

  /** How the agent's terminal treats what is typed at this moment. */
  lineState(): LineState | undefined {
    return this.#closed ? undefined : lineStateOf(this.#slave);
  }

  /** Sends a signal to the agent itself. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }

  /** Wakes the agent's process group after `stopped`. */
  wake(): void {
    try {
      process.kill(-this.pid, "SIGCONT");
    } catch {
      // It has ended meanwhile.
    }
  }

  /**
   * Hangs up, as closing the window of a terminal does: from now on reading ends and writing fails for the agent. What
   * it has written is handed on first; `ended` is called as ever when it has ended.
   */
  hangUp(): void {
    if (!this.#closed && !this.#paused) this.#read(0);
    if (this.#closed) return;
    this.#close();
    if (this.#exit === undefined) this.#hungUp = true;
    else this.#watcher.ended(this.#exit);
  }

  /** Goes on reading after `output` returned false. */
  resume(): void {
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    setImmediate(() => {
      // What has come meanwhile is read at once; only then may the stream use the buffer again.
      if (!this.#closed && !this.#paused && this.#read(0)) this.#stream.resume();
    });
  }

  /** Hands on what is there, `length` bytes of it read already. False: the reading is paused. */
  #read(length: number): boolean {
    if (this.#closed) return false;
    let filled = length;
    let drained = false;
    while (filled < TURN && !drained) {
      const got = native.read(this.#master, this.#buffer, filled, READ_SIZE - filled);
      if (got > 0) filled += got;
      else drained = true;
    }
    const bytes = this.#buffer.subarray(0, filled);
    const passed = this.#mark === undefined ? bytes : this.#mark.strip(bytes);
    if (passed.length > 0 && !this.#watcher.output(passed)) this.#paused = true;
    if (this.#mark?.found === true) this.#finish();
    else if (this.#exit !== undefined && this.#mark === undefined && drained && !this.#paused)
      this.#writeMark();
    return !this.#paused;
  }

  #send(): void {
    while (this.#pending.length > 0 && !this.#closed) {
      const bytes = this.#pending[0] as Uint8Array;
      const sent = native.write(this.#master, bytes, 0, bytes.length);
      if (sent === -os.errno.EAGAIN || (sent >= 0 && sent < bytes.length)) {
        if (sent > 0) this.#pending[0] = bytes.subarray(sent);
        setTimeout(() => this.#send(), 2);
        return;
      }
      this.#pending.shift();
    }
  }

  readonly #childChanged = (): void => {
    if (this.#exit === undefined && native.hasStopped(this.pid) > 0) this.#watcher.stopped();
  };

  #exited(exit: Exit): void {
    this.#exit = exit;
    if (this.#hungUp) this.#watcher.ended(exit);
    else if (!this.#paused) this.#read(0);
  }

  /**
   * Sends a mark through the terminal behind all output. Written only when everything has been read, so that there is
   * room for it. Where output is held back (Ctrl-S) there is none, but then nothing of the agent's can be on its way
   * either, beyond what the kernel is just handing over.
   */
  #writeMark(): void {
    const mark = new DrainMark();
    if (native.write(this.#slave, mark.bytes, 0, mark.bytes.length) > 0) {
      this.#mark = mark;
      return;
    }
    setTimeout(() => {
      if (!this.#paused) this.#finish();
    }, HELD_OUTPUT_WAIT_MS);
  }

  #finish(): void {
    if (this.#closed) return;
    this.#close();
    this.#watcher.ended(this.#exit ?? { by: "exit", code: 0 });
  }

  #close(): void {
    this.#closed = true;
    process.off("SIGCHLD", this.#childChanged);
    this.#pending.length = 0;
    this.#stream.destroy();
    closeSync(this.#slave);
  }
}

function exitOf(code: number, signal: number): Exit {
  if (signal === 0) return { by: "exit", code };
  const name = Object.entries(os.signals).find(([, number]) => number === signal)?.[0] ?? `SIG${signal}`;
  return { by: "signal", signal: name, number: signal };
}
