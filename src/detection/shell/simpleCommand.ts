import type { CodeFindings } from "../code/findings.js";

/** One program that a shell would start (or builtin it would run), as far as its text tells. */
export interface SimpleCommand {
  /** The words after quoting and known expansions; what is unknown stays as written. */
  readonly argv: readonly string[];
  readonly assignments: readonly Assigned[];
  /** Files that redirections read and write. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** The command as it was written. */
  readonly original: string;
  /** Where it runs, when a `cd` before it or the session tells. */
  readonly cwd: string | undefined;
  /** The command that starts it: `sudo`, `bash -c`, `xargs`, … */
  readonly parent: SimpleCommand | undefined;
  /** The commands whose output it reads, joined with ` | `. */
  readonly pipedFrom: string | undefined;
  /** What it reads on its standard input, when that is plain from the text. */
  readonly stdin: string | undefined;
  /** Where what it runs was downloaded from, when an earlier command did that. */
  readonly downloadedFrom: string | undefined;
  /** Whether it runs as another user, through `sudo` and the like. */
  readonly elevated: boolean;
  /** What a program text given to it (`python -c …`) does. */
  readonly code: CodeFindings | undefined;
  /** Commands within its words that only say something (`echo`, a commit message); filled while they are read. */
  readonly said: SimpleCommand[];
}

/** A variable given a value. */
export interface Assigned {
  readonly name: string;
  readonly value: string;
}

/** The bare name of the program: no directory, no version. */
export const programName = (argv: readonly string[]): string => {
  const word = argv[0] ?? "";
  return word.slice(word.lastIndexOf("/") + 1);
};
