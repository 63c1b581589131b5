import { RE2JS } from "re2js";
import { messageOf } from "../core/errors.js";
import type { Span } from "./pattern.js";

/** A regular expression that runs in time linear in the text, whatever the expression. */
export interface Regex {
  test(text: string): boolean;
  find(text: string): Span | undefined;
}

export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

/** Longer expressions are no detections; compiling them would only cost. */
const MAX_LENGTH = 10_000;
/** RE2 instructions of all expressions together: twenty times what thousands of public rules need. */
const MAX_INSTRUCTIONS = 200_000;

/** Compiles the expressions of a set of rules under RE2's rules, equal ones once, with a limit on their size. */
export class RegexCompiler {
  readonly #known = new Map<string, Regex | string>();
  #instructions = 0;

  /** Returns the reason as a text when RE2 can't run the expression. */
  compile(source: string, flags: RegexFlags): Regex | string {
    if (source.length > MAX_LENGTH) return `the regular expression is longer than ${MAX_LENGTH} characters`;
    return this.#once(source, flags, () => this.#compile(source, bitsOf(flags)));
  }

  /** For an expression that has been compiled before: does so again when it is first looked for. */
  later(source: string, flags: RegexFlags): Regex | string {
    return this.#once(source, flags, () => {
      let compiled: RE2JS | undefined;
      return regexOf(() => {
        compiled ??= RE2JS.compile(source, bitsOf(flags));
        return compiled;
      });
    });
  }

  #once(source: string, flags: RegexFlags, make: () => Regex | string): Regex | string {
    const key = `${bitsOf(flags)} ${source}`;
    const regex = this.#known.get(key) ?? make();
    this.#known.set(key, regex);
    return regex;
  }

  #compile(source: string, bits: number): Regex | string {
    if (this.#instructions > MAX_INSTRUCTIONS)
      return `the regular expressions together need more than ${MAX_INSTRUCTIONS} instructions`;
    try {
      const compiled = RE2JS.compile(source, bits);
      this.#instructions += compiled.programSize();
      return regexOf(() => compiled);
    } catch (error) {
      return `the regular expression can't run in linear time, or is wrong: ${messageOf(error)}`;
    }
  }
}

const bitsOf = (flags: RegexFlags): number =>
  (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
  (flags.multiLine ? RE2JS.MULTILINE : 0) |
  (flags.dotAll ? RE2JS.DOTALL : 0);

const regexOf = (compiled: () => RE2JS): Regex => ({
  test: (text) => compiled().test(text),
  find: (text) => {
    const matcher = compiled().matcher(text);
    return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
  },
});
