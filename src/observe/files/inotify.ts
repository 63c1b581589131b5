import { type ChildProcess, spawn } from "node:child_process";

/** An event of inotify's: which kinds, for which path. */
export interface InotifyEvent {
  /** inotifywait's names, such as `OPEN` or `DELETE_SELF`. */
  readonly kinds: readonly string[];
  /** The watched path itself, or a name in a watched folder. */
  readonly path: string;
}

export interface InotifyHandlers {
  readonly event: (event: InotifyEvent) => void;
  readonly ready: () => void;
  /** It ended by itself, or never began; in words. */
  readonly failed: (why: "missing" | "limit" | "ended", detail: string) => void;
}

const MAX_LINE = 16 * 1024;

/**
 * One `inotifywait` of inotify-tools. Node's own `fs.watch` has neither open nor access events. Costs nothing while
 * nothing happens. Paths are given through a pipe, so that their number does not matter.
 */
export class Inotify {
  readonly #child: ChildProcess;
  #stopped = false;
  #rest = "";

  constructor(paths: Iterable<string>, events: readonly string[], handlers: InotifyHandlers) {
    const args = [
      "-m",
      "--fromfile",
      "-",
      "--format",
      "%e|%w%f",
      ...events.flatMap((event) => ["-e", event]),
    ];
    this.#child = spawn("inotifywait", args, {
      stdio: "pipe",
      env: { PATH: searchPath(), LC_ALL: "C" },
      cwd: "/",
    });
    let said = "";
    const fail = (why: "missing" | "limit" | "ended", detail: string): void => {
      if (this.#stopped) return;
      this.#stopped = true;
      handlers.failed(why, detail);
    };
    this.#child.on("error", () => fail("missing", "inotifywait is not installed"));
    this.#child.on("exit", () =>
      /upper limit/i.test(said)
        ? fail("limit", "the system's limit on watches is reached")
        : fail("ended", said.trim().split("\n").at(-1) ?? ""),
    );
    this.#child.stdin?.on("error", () => {});
    this.#child.stdin?.end([...paths].filter((path) => !/[\n\r]/.test(path)).join("\n"));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4096);
      if (text.includes("Watches established")) handlers.ready();
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = (lines.pop() as string).slice(0, MAX_LINE);
      for (const line of lines) {
        const bar = line.indexOf("|");
        if (bar > 0 && !this.#stopped)
          handlers.event({ kinds: line.slice(0, bar).split(","), path: line.slice(bar + 1) });
      }
    });
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr])
      (stream as { unref?: () => void } | null)?.unref?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#child.kill("SIGKILL");
  }
}

const searchPath = (): string => `${process.env.PATH ?? ""}:/usr/bin:/bin:/usr/local/bin`;
