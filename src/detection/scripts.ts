import type { RuleEvent } from "../core/ruleEvent.js";
import { type Context, observeArgv } from "./observe.js";

/** What a started program is to the rules. */
export interface ReadProgram {
  /** Its own events. */
  readonly own: readonly RuleEvent[];
  /** Those of the commands that it is told to run. */
  readonly told: readonly RuleEvent[];
  /** Its command line and those of what it is told to run. */
  readonly lines: readonly string[];
}

/** Programs with less to read are read each time. */
const LONG = 4_096;
const REMEMBERED = 16;

/**
 * Reads what programs are started with. Agents put long preparations before each command (Codex 32 KiB of them), the same
 * every time: what such a text tells its shell to run is told once, and what of it really runs the kernel says itself.
 */
export class Scripts {
  readonly #known = new Map<string, ReadProgram>();

  read(
    { argv, cwd }: { readonly argv: readonly string[]; readonly cwd: string },
    context: Context,
  ): ReadProgram {
    const key = [cwd, ...argv].join("\0");
    const known = key.length < LONG ? undefined : this.#known.get(key);
    if (known !== undefined) return { ...known, told: [] };
    const [own = [], ...inner] = observeArgv(argv, { ...context, cwd });
    const told = inner.flat();
    const read = { own, told, lines: [...linesOf(own).slice(0, 1), ...linesOf(told)] };
    if (key.length < LONG) return read;
    this.#known.set(key, { own, told: [], lines: read.lines });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return read;
  }
}

/** The command lines among the events of commands, in their order. */
export const linesOf = (events: readonly RuleEvent[]): readonly string[] =>
  events.flatMap(({ category, fields }) =>
    category === "process_creation" && typeof fields.CommandLine === "string" ? [fields.CommandLine] : [],
  );
