import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./patience.js";

export const COLS = 110;
export const ROWS = 40;

const SETTLED_MS = 2_500;
const run = promisify(execFile);

/** As a careful person sets tmux up; the whole window is the program's. */
const SETTINGS = `set -g status off
set -g focus-events on
set -g default-terminal tmux-256color
set -sg escape-time 10
`;

export interface StageOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A directory for the stage's own files. */
  readonly backstage: string;
}

/** A program at a real terminal: a window of a tmux server of its own. */
export class Stage {
  readonly #socket: string;
  readonly #status: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(options: StageOptions) {
    this.#socket = join(options.backstage, "tmux");
    this.#status = join(options.backstage, "status");
    this.#env = options.env;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    const settings = join(options.backstage, "tmux.conf");
    writeFileSync(settings, SETTINGS);
    // The window outlives the program, so that what the program leaves on the screen can be looked at. A key too many
    // must not end it; a trap with a command in it is not inherited by the program.
    const script = `trap : INT; "$@"; echo $? > '${stage.#status}'; while :; do sleep 1000; done`;
    await stage.#tmux(
      ...["-f", settings, "new-session", "-d", "-x", String(COLS), "-y", String(ROWS), "-c", options.cwd],
      ...["sh", "-c", script, "sh", ...options.argv],
    );
    return stage;
  }

  /** The text of the screen, without blanks at the ends of lines. */
  async screen(): Promise<string> {
    const { stdout } = await this.#tmux("capture-pane", "-p");
    return tidy(stdout);
  }

  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Resolves with the screen when it shows `text`. */
  until(text: RegExp, limit: number): Promise<string> {
    return until(
      `${text} on the screen`,
      limit,
      async () => {
        const screen = await this.screen();
        return text.test(screen) ? screen : undefined;
      },
      () => this.screen(),
    );
  }

  /** Resolves with the screen when it has not changed for a while. */
  settled(limit: number): Promise<string> {
    let last = "";
    let since = Date.now();
    return until(
      "the screen to come to rest",
      limit,
      async () => {
        const screen = await this.screen();
        if (screen !== last) since = Date.now();
        last = screen;
        return Date.now() - since >= SETTLED_MS ? screen : undefined;
      },
      () => last,
    );
  }

  /** The program's exit status, undefined while it runs. */
  get status(): number | undefined {
    const text = existsSync(this.#status) ? readFileSync(this.#status, "utf8") : "";
    return text.endsWith("\n") ? Number(text) : undefined;
  }

  #tmux(...args: readonly string[]): Promise<{ readonly stdout: string }> {
    return run("tmux", ["-S", this.#socket, ...args], { env: this.#env, timeout: 10_000 });
  }
}

/** A screen's text as it is compared: no blanks at the ends of lines, no empty lines at the end. */
export const tidy = (screen: string): string =>
  screen
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
