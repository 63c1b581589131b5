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

/** Compiles under RE2's rules. Returns the reason as a text when RE2 can't run the expression. */
export function compileRegex(source: string, flags: RegexFlags): Regex | string {
  if (source.length > MAX_LENGTH) return `the regular expression is longer than ${MAX_LENGTH} characters`;
  try {
    const compiled = RE2JS.compile(
      source,
      (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
        (flags.multiLine ? RE2JS.MULTILINE : 0) |
        (flags.dotAll ? RE2JS.DOTALL : 0),
    );
    return {
      test: (text) => compiled.test(text),
      find: (text) => {
        const matcher = compiled.matcher(text);
        return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
      },
    };
  } catch (error) {
    return `the regular expression can't run in linear time, or is wrong: ${messageOf(error)}`;
  }
}
