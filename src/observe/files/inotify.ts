import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";

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
 * Runs inotifywait (its list on descriptor 3) and ends it as soon as descriptor 4 is closed at the other end: also
 * when bodycam is killed, since inotifywait itself would only notice at the next event.
 */
const KEPT =
  'inotifywait "$@" <&3 3<&- 4<&- & p=$!; (read -r _ <&4; kill -9 $p 2>/dev/null) >/dev/null 2>&1 3<&- & r=$!; wait $p; s=$?; kill $r 2>/dev/null; exit $s';

/**
 * One `inotifywait` of inotify-tools. Node's own `fs.watch` has neither open nor access events. Costs nothing while
 * nothing happens. Paths are given through a pipe, so that their number does not matter.
 */
export class Inotify {
  readonly #child: ChildProcess;
  readonly #lifeline: Writable;
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
    this.#child = spawn("/bin/sh", ["-c", KEPT, "bodycam-watch", ...args], {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      env: { PATH: searchPath(), LC_ALL: "C" },
      cwd: "/",
    });
    const [list, lifeline] = [this.#child.stdio[3], this.#child.stdio[4]] as [Writable, Writable];
    this.#lifeline = lifeline;
    let said = "";
    const fail = (why: "missing" | "limit" | "ended", detail: string): void => {
      if (this.#stopped) return;
      this.#stopped = true;
      handlers.failed(why, detail);
    };
    this.#child.on("error", () => fail("missing", "no shell to start inotifywait"));
    this.#child.on("exit", (code) => {
      lifeline.destroy();
      if (code === 127) fail("missing", "inotifywait is not installed");
      else if (/upper limit/i.test(said)) fail("limit", "the system's limit on watches is reached");
      else fail("ended", said.trim().split("\n").at(-1) ?? "");
    });
    for (const stream of [list, lifeline]) stream.on("error", () => {});
    list.end([...paths].filter((path) => !/[\n\r]/.test(path)).join("\n"));
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
    for (const stream of this.#child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#lifeline.destroy();
  }
}

const searchPath = (): string => `${process.env.PATH ?? ""}:/usr/bin:/bin:/usr/local/bin`;
