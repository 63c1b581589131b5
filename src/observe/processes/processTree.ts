/** A process of the session, as far as it is known. */
export interface KnownProcess {
  readonly pid: number;
  /** 0 where it is not known. */
  parent: number;
  cwd: string;
  image: string;
  argv: readonly string[];
  /** Microseconds since 1970: when it was first seen, when it last ran a program, when it ended. */
  readonly since: number;
  execAt: number | undefined;
  endedAt: number | undefined;
}

/** How many processes that have ended are remembered, for questions that come late. */
const REMEMBERED = 512;
/** How many living ones are kept; more than Linux allows by default. */
const MAX_ALIVE = 65_536;
const MAX_THREADS = 262_144;

/** Who is who among the session's processes and threads. Pure bookkeeping, bounded. */
export class ProcessTree {
  readonly #alive = new Map<number, KnownProcess>();
  readonly #ended = new Map<number, KnownProcess>();
  /** Which process a thread belongs to, for threads that are not their process's first. */
  readonly #threads = new Map<number, number>();

  /** The process that a process or thread number stands for. */
  leader(id: number): number {
    return this.#threads.get(id) ?? id;
  }

  /** The living process with this number (or that the thread with this number belongs to). */
  alive(id: number): KnownProcess | undefined {
    return this.#alive.get(this.leader(id));
  }

  /** The process with this number, also one that ended lately. */
  known(id: number): KnownProcess | undefined {
    return this.alive(id) ?? this.#ended.get(id);
  }

  living(): readonly KnownProcess[] {
    return [...this.#alive.values()];
  }

  /** Those that ended lately, the latest last. */
  ended(): readonly KnownProcess[] {
    return [...this.#ended.values()];
  }

  add(pid: number, parent: number, cwd: string, at: number): KnownProcess {
    const from = this.#alive.get(parent);
    const process: KnownProcess = {
      pid,
      parent,
      cwd,
      image: from?.image ?? "",
      argv: from?.argv ?? [],
      since: at,
      execAt: undefined,
      endedAt: undefined,
    };
    this.#threads.delete(pid);
    this.#ended.delete(pid);
    this.#alive.set(pid, process);
    if (this.#alive.size > MAX_ALIVE) this.#forgetOldest(this.#alive);
    return process;
  }

  addThread(id: number, of: number): void {
    this.#threads.set(id, this.leader(of));
    if (this.#threads.size > MAX_THREADS) this.#forgetOldest(this.#threads);
  }

  /** A process or a thread has ended. Gives the process when it is that. */
  end(id: number, at: number): KnownProcess | undefined {
    if (this.#threads.delete(id)) return undefined;
    const process = this.#alive.get(id);
    if (process === undefined) return undefined;
    this.#alive.delete(id);
    process.endedAt = at;
    this.#ended.set(id, process);
    if (this.#ended.size > REMEMBERED) this.#forgetOldest(this.#ended);
    return process;
  }

  #forgetOldest(map: Map<number, unknown>): void {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
}
