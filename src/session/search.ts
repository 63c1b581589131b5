import { BodycamError } from "../core/errors.js";
import type { SessionLine } from "../core/sessionLine.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { fold } from "../sigma/fold.js";
import { RegexCompiler } from "../sigma/regex.js";
import { requiredLiterals } from "../sigma/regexLiterals.js";

/** What is looked for in what sessions said. Upper and lower case are the same. */
export interface Wanted {
  /** Of each list, a line must hold at least one text, folded. */
  readonly required: readonly (readonly string[])[];
  /** Where a line holds it. */
  find(text: string): Span | undefined;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A line that holds what was looked for. */
export interface Hit {
  readonly session: SessionSummary;
  readonly line: SessionLine;
  readonly span: Span;
}

/** Looks for a text as it is. Throws BodycamError `bad-usage` when it is empty. */
export function wantedText(text: string): Wanted {
  const wanted = fold(text);
  if (wanted.trim() === "") throw nothing();
  return {
    required: [[wanted]],
    find: (line) => {
      const start = fold(line).indexOf(wanted);
      return start < 0 ? undefined : { start, end: start + wanted.length };
    },
  };
}

/** Looks for a regular expression, in time linear in the text. Throws BodycamError `bad-usage` when it can't be run so. */
export function wantedRegex(source: string): Wanted {
  if (source.trim() === "") throw nothing();
  const regex = new RegexCompiler().compile(source, { ignoreCase: true, multiLine: false, dotAll: false });
  if (typeof regex === "string") {
    throw new BodycamError("bad-usage", `"${source}" can't be looked for: ${regex}.`, {
      hint: "Expressions are RE2's: no look-around and no back-references. Without --regex, text is taken as it is.",
    });
  }
  return { required: requiredLiterals(source), find: (line) => regex.find(line) };
}

const nothing = () =>
  new BodycamError("bad-usage", "There is nothing to look for.", {
    hint: "Give a text: bodycam search cookies.sqlite",
  });

/** The lines that hold what is wanted, each once: rows that a program wrapped are told one by one and joined as well. */
export function* hitsIn(
  session: SessionSummary,
  lines: Iterable<SessionLine>,
  wanted: Wanted,
): Generator<Hit, void> {
  let last: SessionLine | undefined;
  for (const line of lines) {
    const span = wanted.find(line.text);
    if (span === undefined || span.end === span.start) continue;
    const again =
      last?.seq === line.seq &&
      last.source === line.source &&
      (last.text.includes(line.text) || line.text.includes(last.text));
    last = line;
    if (!again) yield { session, line, span };
  }
}
