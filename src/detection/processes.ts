import type { ProcessFact } from "../core/observation.js";
import type { Micros, Seq } from "../core/units.js";
import type { Deed } from "./claims/deed.js";

/** One program that ran in a process: numbers come again, and a process may become several programs in its life. */
export interface Run {
  /** Counted from 1 over the session. */
  readonly serial: number;
  readonly pid: number;
  readonly image: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly at: Micros;
  readonly seq: Seq;
  /** The program that started it, when it was seen. */
  readonly parent: Run | undefined;
  /** The command line as rules see it; set when it has been read. */
  line: string;
  /** What it belongs to: a tool call, or something that nobody declared. */
  deed: Deed | undefined;
  /** Of its process, whatever program it is. */
  readonly life: { ended: Micros | undefined };
}

type Exec = Extract<ProcessFact, { what: "exec" }>;

/** Processes are remembered for naming the ones that files and connections belong to; so many at most. */
const MOST_PROCESSES = 10_000;

/** Which process is which program, and who started it. Bounded. */
export class Processes {
  readonly #runs = new Map<number, Run>();
  #count = 0;

  /** The program that a process runs. */
  of(pid: number): Run | undefined {
    return this.#runs.get(pid);
  }

  exec(fact: Exec, at: Micros, seq: Seq): Run {
    // A child that has not become a program of its own yet stands under its parent's.
    const known = this.#runs.get(fact.pid);
    const same = known?.pid === fact.pid ? known : undefined;
    const run: Run = {
      serial: ++this.#count,
      pid: fact.pid,
      image: fact.image,
      argv: fact.argv,
      cwd: fact.cwd,
      at,
      seq,
      parent: same === undefined ? (known ?? this.#runs.get(fact.ppid)) : same.parent,
      line: "",
      deed: same?.deed,
      life: same?.life ?? { ended: undefined },
    };
    this.#remember(fact.pid, run);
    return run;
  }

  fork(pid: number, child: number): void {
    const run = this.#runs.get(pid);
    if (run !== undefined) this.#remember(child, run);
  }

  exit(pid: number, at: Micros): void {
    const run = this.#runs.get(pid);
    if (run?.pid === pid) run.life.ended = at;
    this.#runs.delete(pid);
  }

  #remember(pid: number, run: Run): void {
    this.#runs.delete(pid);
    this.#runs.set(pid, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MOST_PROCESSES && oldest !== undefined) this.#runs.delete(oldest);
  }
}
