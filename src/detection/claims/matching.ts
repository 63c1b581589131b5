import { normalLine } from "../corroboration/keys.js";
import { ELIDED } from "../shell/describe.js";
import { isShell as isShellName } from "../shell/interpreters.js";
import { programName } from "../shell/simpleCommand.js";

/** A command in the forms in which it may be met again. */
export interface Commands {
  /** The text as it was written. */
  readonly text: string;
  /** Its simple commands, outermost first, each in its normal form. */
  readonly lines: readonly string[];
}

/** Shorter texts stand in others by chance. */
const TELLING = 4;

/** Whether a program is a shell; a login shell's name begins with a dash. */
export const isShell = (argv: readonly string[]): boolean => isShellName(programName(argv).replace(/^-/, ""));

/**
 * How well a started program fits a command that was asked for: 0 not at all, 1 as one of its simple commands, 2 as all of
 * them, 3 word by word.
 */
export function fits(wanted: Commands, argv: readonly string[], lines: readonly string[]): 0 | 1 | 2 | 3 {
  const text = wanted.text.trim();
  // A shell (or what wraps one) gets the text as one of its words.
  if (argv.some((word) => word.trim() === text)) return 3;
  if (text.length >= TELLING && argv.some((word) => word.includes(text))) return 3;
  const [own = "", ...inner] = lines;
  if (wanted.lines.length === 0) return 0;
  if (inner.length > 0 && wanted.lines.some(isTelling)) {
    const there = new Set(inner);
    if (wanted.lines.every((line) => there.has(line))) return 2;
  }
  return isTelling(own) && wanted.lines.includes(own) ? 1 : 0;
}

/** Of what is only said, such as the words of `echo`, a line tells nothing. */
const isTelling = (line: string): boolean => !line.includes(ELIDED);

/** The commands in what a shell or a program is started with. */
export const commandsOf = (text: string, lines: readonly string[]): Commands => ({
  text,
  lines: lines.map(normalLine),
});
