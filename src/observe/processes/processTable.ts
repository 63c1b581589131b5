import { readFileSync } from "node:fs";
import type { ProcessFact } from "../../core/observation.js";
import { type KnownProcess, ProcessTree } from "./processTree.js";

/** What one look at the process table gives of a process. */
export interface TableRow {
  readonly parent: number;
  /** The system's session, by the number of its first process; undefined where it can't be asked for. */
  readonly session: number | undefined;
  /** When it was started, in the system's own words: tells a reused number apart. */
  readonly started: string;
}

/** The process table of one kind of system. */
export interface ProcessTableView {
  /** All processes; undefined when the table can't be read now. */
  rows(): Promise<ReadonlyMap<number, TableRow> | undefined>;
  programOf(pid: number): { readonly image: string; readonly argv: readonly string[] } | undefined;
  cwdOf(pid: number): string | undefined;
  /** Whether a process carries the session's mark in its environment. */
  isMarked(pid: number): boolean;
  /** Changes when a process or thread was started anywhere; undefined where the system has no such number. */
  lastStarted(): string | undefined;
}

export interface ProcessTableOptions {
  readonly view: ProcessTableView;
  readonly root: number;
  readonly cwd: string;
  readonly onFact: (fact: ProcessFact, at: number) => void;
  /** How often to look, in milliseconds. */
  readonly every: number;
}

/** Processes this young may still be about to become another program. */
const SETTLING_MICROS = 2_000_000;
/** How often ends and late program changes are looked for when nothing new was started. */
const QUIET_LOOKS = 10;

/**
 * Now, in microseconds since 1970, on the clock that strace stamps its lines with; as fine as milliseconds.
 * (`performance.timeOrigin` plus `performance.now()` drifts away from it whenever the clock is adjusted.)
 */
export const nowMicros = (): number => Date.now() * 1000;

/**
 * Follows the session by looking at the process table again and again. What lives shorter than the time between two
 * looks is missed, and so is a program that another replaces within it.
 */
export class ProcessTable {
  readonly tree = new ProcessTree();
  readonly #options: ProcessTableOptions;
  readonly #started = new Map<number, string>();
  #timer: NodeJS.Timeout | undefined;
  #last: string | undefined;
  #quiet = 0;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ProcessTableOptions) {
    this.#options = options;
  }

  start(): void {
    this.#schedule();
    this.#looking = this.look();
  }

  /** Ends with a last look. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.look();
  }

  #schedule(): void {
    let busy = false;
    this.#timer = setInterval(() => {
      const last = this.#options.view.lastStarted();
      this.#quiet++;
      if (busy || (last !== undefined && last === this.#last && this.#quiet < QUIET_LOOKS)) return;
      this.#last = last;
      this.#quiet = 0;
      busy = true;
      this.#looking = this.look().finally(() => {
        busy = false;
      });
    }, this.#options.every);
    this.#timer.unref();
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    const rows = await this.#options.view.rows().catch(() => undefined);
    if (rows === undefined) return;
    const at = nowMicros();
    for (const process of this.tree.living()) {
      if (rows.get(process.pid)?.started === this.#started.get(process.pid)) continue;
      this.tree.end(process.pid, at);
      this.#started.delete(process.pid);
      // How a process ended is told to its parent only.
      this.#options.onFact({ what: "exit", pid: process.pid, code: null, signal: null }, at);
    }
    // Parents have lower numbers nearly always; where not, the next round finds the child.
    const pids = [...rows.keys()].sort((a, b) => a - b);
    for (let found = true; found; ) {
      found = false;
      for (const pid of pids) {
        const row = rows.get(pid) as TableRow;
        if (this.#started.get(pid) === row.started || !this.#isOurs(pid, row)) continue;
        this.#meet(pid, row, at);
        found = true;
      }
    }
    for (const process of this.tree.living())
      if (at - process.since < SETTLING_MICROS || this.#quiet === 0) this.#checkProgram(process, at);
  }

  #isOurs(pid: number, row: TableRow): boolean {
    const { root, view } = this.#options;
    return (
      pid === root ||
      row.session === root ||
      this.tree.alive(row.parent) !== undefined ||
      // A daemon belongs to no one any more, but its environment tells.
      (row.parent <= 1 && view.isMarked(pid))
    );
  }

  #meet(pid: number, row: TableRow, at: number): void {
    const cwd = this.#options.view.cwdOf(pid) ?? this.#options.cwd;
    this.#started.set(pid, row.started);
    const process = this.tree.add(pid, row.parent, cwd, at);
    if (this.tree.alive(row.parent) !== undefined)
      this.#options.onFact({ what: "fork", pid: row.parent, child: pid }, at);
    process.execAt = undefined;
    this.#checkProgram(process, at);
  }

  #checkProgram(process: KnownProcess, at: number): void {
    const program = this.#options.view.programOf(process.pid);
    if (program === undefined) return;
    const same =
      process.image === program.image &&
      process.argv.length === program.argv.length &&
      process.argv.every((word, i) => word === program.argv[i]);
    if (same) return;
    process.image = program.image;
    process.argv = program.argv;
    process.execAt = at;
    process.cwd = this.#options.view.cwdOf(process.pid) ?? process.cwd;
    const { pid, parent: ppid, cwd } = process;
    this.#options.onFact({ what: "exec", pid, ppid, cwd, ...program }, at);
  }
}

/** The number of the process or thread that Linux started last. */
export function lastStartedInProc(): string | undefined {
  try {
    return readFileSync("/proc/loadavg", "latin1").trim().split(" ")[4];
  } catch {
    return undefined;
  }
}
