import { type IPty, spawn } from "node-pty";
import { onTestFinished } from "vitest";
import { Screen } from "../../src/terminal/screen.js";

const PATIENCE = 20_000;

/** A reviewer at a terminal of their own, in which a program runs. */
export class Reviewer {
  /** Every byte that came to the terminal. */
  bytes = "";
  readonly exit: Promise<{ exitCode: number; signal?: number | undefined }>;
  readonly screen: Screen;
  readonly #pty: IPty;
  #changed: () => void = () => undefined;
  #exited = false;

  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}, cols = 80, rows = 24) {
    this.screen = new Screen(cols, rows);
    const { CI: _, NO_COLOR: __, BODYCAM_SESSION: ___, ...base } = process.env;
    this.#pty = spawn(process.execPath, [...argv], {
      cols,
      rows,
      encoding: null,
      env: { ...(base as Record<string, string>), TERM: "xterm-256color", COLORTERM: "truecolor", ...env },
    });
    this.#pty.onData((data) => {
      const bytes = data as unknown as Buffer;
      this.bytes += bytes.toString("latin1");
      this.screen.write(bytes);
      this.#changed();
    });
    // A program that a failing test leaves behind would keep the terminal, and the test run with it.
    onTestFinished(() => {
      if (!this.#exited) this.#pty.kill("SIGKILL");
    });
    this.exit = new Promise((resolve) => {
      this.#pty.onExit((exit) => {
        this.#exited = true;
        this.#changed();
        resolve(exit);
      });
    });
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  resize(cols: number, rows: number): void {
    this.screen.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Waits until the screen is as it should be, and gives its text. */
  async until(holds: (text: string) => boolean): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      const give = (why: string) => reject(new Error(`${why}; on the screen:\n${this.screen.text()}`));
      const timer = setTimeout(() => give("it never came"), PATIENCE);
      const look = () => {
        const seen = holds(this.screen.text());
        if (!seen && !this.#exited) return;
        clearTimeout(timer);
        this.#changed = () => undefined;
        if (seen) resolve();
        else give("the program ended");
      };
      this.#changed = look;
      look();
    });
    return this.screen.text();
  }
}
