import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Exit, TerminalSize } from "../../src/core/event.js";
import { AgentTerminal } from "../../src/pty/agentTerminal.js";

/** The built command, as a user runs it. */
export const BODYCAM = resolve(import.meta.dirname, "../../bin/bodycam.js");

const SIZE: TerminalSize = { cols: 100, rows: 30, xpixel: 1000, ypixel: 600 };

/** A directory that is gone after the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

/** The same for all tests of a suite; to be called in `beforeAll`. */
export function scratchForAll(): string {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-test-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The environment of a user whose bodycam home is `home`, under no camera. */
export function environment(
  home: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { BODYCAM_SESSION: _, TMUX: __, ...rest } = process.env;
  const own = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), BODYCAM_HOME: home, TERM: "xterm-256color", ...more };
}

export interface Ran {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array | "open" | "none";
  readonly cwd?: string;
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs bodycam without a terminal. `input`: what is piped in; "open": a pipe that stays silent; "none": /dev/null. */
export function bodycam(home: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const input = options.input ?? "none";
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [BODYCAM, ...args], {
      env: environment(home, options.env),
      stdio: [input === "none" ? "ignore" : "pipe", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr?.on("data", (piece: Buffer) => stderr.push(piece));
    child.stdin?.on("error", () => {});
    if (input instanceof Uint8Array) child.stdin?.end(input);
    child.on("error", failed);
    child.on("close", (status, signal) => {
      done({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString(), status, signal });
    });
    options.onStart?.(child);
  });
}

/** The sessions of a home. */
export const sessionsOf = (home: string): readonly string[] => readdirSync(join(home, "sessions"));

/** The recording of a home's only session. */
export function onlyRecording(home: string): string {
  const [session, ...more] = sessionsOf(home);
  if (session === undefined || more.length > 0)
    throw new Error(`expected one session, found ${more.length + 1}`);
  return join(home, "sessions", session, "recording.bodycam");
}

/** A person at a terminal: a real one, in which bodycam (or anything else) runs. */
export class Desk {
  readonly #terminal: AgentTerminal;
  readonly #pieces: Buffer[] = [];
  readonly #watchers = new Set<() => void>();
  #reading = true;
  #counted = 0;
  readonly ended: Promise<Exit>;

  constructor(argv: readonly string[], env: Readonly<Record<string, string>>, cwd = tmpdir()) {
    let end: (exit: Exit) => void = () => {};
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#terminal = new AgentTerminal(
      {
        file: argv[0] as string,
        argv,
        cwd,
        env,
        size: SIZE,
        modes: undefined,
        echo: true,
        translate: true,
        stdinPipe: undefined,
      },
      {
        output: (bytes) => {
          this.#pieces.push(Buffer.from(bytes));
          for (const watcher of this.#watchers) watcher();
          return this.#reading;
        },
        stopped: () => {},
        ended: end,
      },
    );
  }

  /** Starts `bodycam ARGS` at a terminal. */
  static bodycam(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Desk {
    return new Desk([process.execPath, BODYCAM, ...args], environment(home, env));
  }

  get pid(): number {
    return this.#terminal.pid;
  }

  /** Everything that has come to the screen. */
  get output(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  type(text: string | Uint8Array): void {
    this.#terminal.write(Buffer.from(text as string));
  }

  /** Calls `watch` with the number of bytes on the screen whenever more have come. */
  onOutput(watch: (total: number) => void): void {
    let total = 0;
    this.#watchers.add(() => {
      for (; this.#counted < this.#pieces.length; this.#counted++)
        total += this.#pieces[this.#counted]?.length ?? 0;
      watch(total);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#terminal.signal(signal);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize({ cols, rows, xpixel: 0, ypixel: 0 });
  }

  /** Closes the terminal's window. */
  close(): void {
    this.#terminal.hangUp();
  }

  /** How the terminal itself is set: what bodycam leaves behind. */
  get canonicalWithEcho(): boolean {
    const line = this.#terminal.lineState();
    return line?.canonical === true && line.echo;
  }

  /** Stops taking output, as a terminal does whose window is stuck. */
  holdOutput(): void {
    this.#reading = false;
  }

  takeOutput(): void {
    this.#reading = true;
    this.#terminal.resume();
  }

  /** Resolves when `text` has come to the screen after `mark` did, which must have come already. */
  untilAfter(mark: string, text: string): Promise<void> {
    return this.until(text, this.output.lastIndexOf(mark) + mark.length);
  }

  /** Resolves when `text` has come to the screen (after byte `from`). */
  until(text: string, from = 0): Promise<void> {
    const wanted = Buffer.from(text);
    let looked = 0;
    let tail: Buffer = Buffer.alloc(0);
    let skip = from;
    return new Promise((resolve) => {
      const look = () => {
        for (; looked < this.#pieces.length; looked++) {
          const piece = this.#pieces[looked] as Buffer;
          const fresh = piece.subarray(Math.min(skip, piece.length));
          skip -= piece.length - fresh.length;
          const window = Buffer.concat([tail, fresh]);
          if (window.includes(wanted)) {
            this.#watchers.delete(look);
            resolve();
            return;
          }
          tail = window.subarray(Math.max(0, window.length - wanted.length + 1));
        }
      };
      this.#watchers.add(look);
      look();
    });
  }
}
