import type { ProcessFact } from "../core/observation.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import type { Micros } from "../core/units.js";
import { baseName } from "./shell/paths.js";

type Rename = Extract<ProcessFact, { what: "rename" }>;

/** Files that were renamed to one path, one over the other. */
interface Pile {
  readonly from: string[];
  /** How many came, also beyond those that are named. */
  count: number;
  lastAt: Micros;
}

const MAX_PILES = 4_096;
const MAX_NAMES = 100;
/** What comes later than this after the last one is another pile. */
const QUIET = 600_000_000;
/** How many files must be lost for it to be told. One is how programs save: aside first, then renamed over the old. */
const TOLD_FROM = 2;

/**
 * Gathers renames onto one path: each file but the last is lost. It happens when `mkdir` failed and every `mv` takes the
 * missing directory's name for a file's. Pure and bounded; tells of a pile again each time that it grows, with the names of all
 * files that were lost.
 */
export class LostFiles {
  readonly #piles = new Map<string, Pile>();

  /** What a rename does to the files that lay there: fields of an event `files_lost`, once two are gone. */
  renamed({ from, to, scope }: Rename, at: Micros): RuleEvent["fields"] | undefined {
    // What moves away is not lost, and its place is free again.
    this.#piles.delete(from);
    if (isSaving(from, to)) return undefined;
    const known = this.#piles.get(to);
    const pile =
      known !== undefined && at - known.lastAt <= QUIET ? known : { from: [], count: 0, lastAt: at };
    // A program that writes `x.new` and renames it over `x` again and again loses nothing.
    if (pile.from.includes(from)) return undefined;
    pile.from.push(from);
    pile.count++;
    pile.lastAt = at;
    if (pile.from.length > MAX_NAMES) pile.from.splice(MAX_NAMES - 1, 1);
    this.#piles.delete(to);
    this.#piles.set(to, pile);
    const [oldest] = this.#piles.keys();
    if (this.#piles.size > MAX_PILES && oldest !== undefined) this.#piles.delete(oldest);
    if (pile.count - 1 < TOLD_FROM) return undefined;
    const lost = pile.from.slice(0, -1);
    return { TargetFilename: to, LostFiles: lost, LostCount: pile.count - 1, KeptFile: from, Scope: scope };
  }

  /** The path is free again: what comes there next loses nothing. */
  gone(path: string): void {
    this.#piles.delete(path);
  }
}

/** Names that are made up to be renamed: `.x.swp`, `x.tmp.4711`, `x.part`, `x~`, `#x#`, `sedAb3dEf`, `x.f00dcafe01`. */
const ASIDE =
  /[._-]te?mp[._-]?[\w-]{0,24}$|^\.?te?mp[\w.-]*$|\.(new|part|partial|lock|swp|swx|crdownload|bak|old|orig)$|~$|^#.*#$|[._-][0-9a-f]{8,}$/i;
/** What mkstemp(3) and its kind make up: six letters of which some are large or digits. */
const RANDOM = /(^(sed|cc|pip|npm)-?|\.)(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{6}$/;
const TEMPORARY = /^(\/private)?\/(tmp|var\/tmp|var\/folders|dev\/shm)\//;

/** Whether this is how programs save: the new text is written beside, under a name of its own, and put in place. */
function isSaving(from: string, to: string): boolean {
  const name = baseName(from);
  const stem = baseName(to).replace(/^\.|\.[^.]*$/g, "");
  return (
    ASIDE.test(name) ||
    RANDOM.test(name) ||
    (stem.length >= 3 && name !== baseName(to) && name.includes(stem)) ||
    (TEMPORARY.test(from) && !TEMPORARY.test(to))
  );
}
