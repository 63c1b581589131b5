import type { ProcessFact, Scope } from "../../core/observation.js";

/**
 * Several files were renamed onto one path, so that each but the last is gone: what happens when `mkdir` failed and
 * every `mv` takes the missing directory's name for a file's.
 */
export interface LostByRename {
  readonly path: string;
  /** What the lost files were called before, in the order in which they went. */
  readonly lost: readonly string[];
  /** How many were lost, also beyond those that are named. */
  readonly count: number;
  /** The file that is there now. */
  readonly kept: string;
  readonly scope: Scope;
  /** The processes that did it, first to last. */
  readonly pids: readonly number[];
}

export interface RenamesOptions {
  /** How many files must be lost for it to count. One is how programs save safely (write aside, rename over). */
  readonly atLeast?: number;
  readonly onLoss: (loss: LostByRename, at: number) => void;
}

interface Pile {
  readonly from: string[];
  readonly pids: number[];
  count: number;
  scope: Scope;
  lastAt: number;
}

const MAX_PILES = 4096;
const MAX_NAMES = 256;
/** A pile that nothing came onto for so long is finished. */
const QUIET_MICROS = 10_000_000;

/**
 * Gathers renames onto one path into one fact that names the files lost. Pure: fed with facts and their times
 * (microseconds). A pile is told once, when it is finished: when nothing came for 10 s (of the facts' time), when the
 * path goes away, or at `end()`; and at once, as a first word, when the number is reached.
 *
 * A program that writes `x.tmp` and renames it over `x` again and again is no loss: the same name comes again.
 */
export class Renames {
  readonly #atLeast: number;
  readonly #onLoss: RenamesOptions["onLoss"];
  readonly #piles = new Map<string, Pile>();
  #nextSweep = 0;

  constructor(options: RenamesOptions) {
    this.#atLeast = options.atLeast ?? 2;
    this.#onLoss = options.onLoss;
  }

  see(fact: ProcessFact, at: number): void {
    this.#sweep(at);
    if (fact.what === "delete") this.#close(fact.path, at);
    if (fact.what !== "rename") return;
    // What moves away is not lost, and its place is free again.
    this.#close(fact.from, at);
    this.#add(fact, at);
  }

  /** The session is over. */
  end(at: number): void {
    for (const path of [...this.#piles.keys()]) this.#close(path, at);
  }

  #add(fact: Extract<ProcessFact, { what: "rename" }>, at: number): void {
    const pile = this.#piles.get(fact.to);
    if (pile === undefined) {
      this.#piles.set(fact.to, {
        from: [fact.from],
        pids: [fact.pid],
        count: 1,
        scope: fact.scope,
        lastAt: at,
      });
      if (this.#piles.size > MAX_PILES) this.#close(this.#piles.keys().next().value as string, at);
      return;
    }
    pile.lastAt = at;
    if (pile.from.includes(fact.from)) return;
    pile.count++;
    if (pile.from.length < MAX_NAMES) pile.from.push(fact.from);
    else pile.from[MAX_NAMES - 1] = fact.from;
    if (!pile.pids.includes(fact.pid) && pile.pids.length < MAX_NAMES) pile.pids.push(fact.pid);
    if (fact.scope === "outside") pile.scope = "outside";
    if (pile.count - 1 === this.#atLeast) this.#tell(fact.to, pile, at);
  }

  #sweep(at: number): void {
    if (at < this.#nextSweep) return;
    this.#nextSweep = at + QUIET_MICROS;
    for (const [path, pile] of [...this.#piles]) if (at - pile.lastAt > QUIET_MICROS) this.#close(path, at);
  }

  #close(path: string, at: number): void {
    const pile = this.#piles.get(path);
    if (pile === undefined) return;
    this.#piles.delete(path);
    if (pile.count - 1 > this.#atLeast) this.#tell(path, pile, at);
  }

  #tell(path: string, pile: Pile, at: number): void {
    this.#onLoss(
      {
        path,
        lost: pile.from.slice(0, -1),
        count: pile.count - 1,
        kept: pile.from.at(-1) as string,
        scope: pile.scope,
        pids: [...pile.pids],
      },
      at,
    );
  }
}
