import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "node-pty";
import type { SessionEvent } from "../../src/core/event.js";
import type { Flag } from "../../src/core/flag.js";
import { Screen } from "../../src/terminal/screen.js";

const PROGRAM = fileURLToPath(new URL("./replayProgram.mjs", import.meta.url));
const PATIENCE = 20_000;

export interface Show {
  readonly events: readonly SessionEvent[];
  readonly flags?: readonly Flag[];
  readonly session?: { readonly command: readonly string[]; readonly id?: string };
  /** A recording to replay instead of the events, and where its cache of screens is. */
  readonly path?: string;
  readonly cache?: string;
}

function write(show: Show): { readonly file: string; readonly remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "bodycam-replay-"));
  const file = join(directory, "show.json");
  const data = { flags: [], session: { command: ["agent", "--do", "it"] }, ...show };
  const bytes = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
  writeFileSync(file, JSON.stringify(data, bytes));
  return { file, remove: () => rmSync(directory, { recursive: true }) };
}

/** What the replay prints where there is no terminal. */
export function account(show: Show): string {
  const { file, remove } = write(show);
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, file], { encoding: "utf8" });
  remove();
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** A reviewer's terminal with a replay in it. */
export class Seat {
  /** Every byte that the replay sent to the terminal. */
  bytes = "";
  readonly exit: Promise<{ exitCode: number; signal?: number | undefined }>;
  #screen: Screen;
  readonly #pty: IPty;
  #changed: () => void = () => undefined;
  #exited = false;

  constructor(show: Show, cols = 80, rows = 24, env: Record<string, string> = {}) {
    const { file, remove } = write(show);
    this.#screen = new Screen(cols, rows);
    const { CI: _, NO_COLOR: __, ...base } = process.env;
    this.#pty = spawn(process.execPath, [PROGRAM, file], {
      cols,
      rows,
      encoding: null,
      env: { ...(base as Record<string, string>), TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    });
    this.#pty.onData((data) => {
      const bytes = data as unknown as Buffer;
      this.bytes += bytes.toString("latin1");
      this.#screen.write(bytes);
      this.#changed();
    });
    this.exit = new Promise((resolve) => {
      this.#pty.onExit((exit) => {
        this.#exited = true;
        remove();
        this.#changed();
        resolve(exit);
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What the reviewer sees. */
  get screen(): Screen {
    return this.#screen;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Waits until the screen is as it should be. */
  async until(holds: (text: string) => boolean): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      const give = (why: string) => reject(new Error(`${why}; on the screen:\n${this.#screen.text()}`));
      const timer = setTimeout(() => give("it never came"), PATIENCE);
      const look = () => {
        const seen = holds(this.#screen.text());
        if (!seen && !this.#exited) return;
        clearTimeout(timer);
        this.#changed = () => undefined;
        if (seen) resolve();
        else give("the replay ended");
      };
      this.#changed = look;
      look();
    });
    return this.#screen.text();
  }

  async quit(): Promise<void> {
    this.type("q");
    await this.exit;
  }
}
