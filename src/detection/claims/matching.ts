import { normalLine } from "../corroboration/keys.js";
import { programName } from "../shell/simpleCommand.js";

/** A command in the forms in which it may be met again. */
export interface Commands {
  /** The text as it was written. */
  readonly text: string;
  /** Its simple commands, outermost first, each in its normal form. */
  readonly lines: readonly string[];
}

const SHELL = /^(ba|z|da|k|fi|a|)sh$/;
/** Shorter texts stand in others by chance. */
const TELLING = 4;

export const isShell = (argv: readonly string[]): boolean => SHELL.test(programName(argv).replace(/^-/, ""));

/** How well a started program fits a command that was asked for: 0 not at all, 2 word by word. */
export function fits(wanted: Commands, argv: readonly string[], lines: readonly string[]): 0 | 1 | 2 {
  const text = wanted.text.trim();
  // A shell (or what wraps one) gets the text as one of its words.
  if (argv.some((word) => word.trim() === text)) return 2;
  if (text.length >= TELLING && argv.some((word) => word.includes(text))) return 2;
  const [own = "", ...inner] = lines;
  if (wanted.lines.includes(own)) return 1;
  if (wanted.lines.length === 0 || inner.length === 0) return 0;
  const there = new Set(inner);
  return wanted.lines.every((line) => there.has(line)) ? 1 : 0;
}

/** The commands in what a shell or a program is started with. */
export const commandsOf = (text: string, lines: readonly string[]): Commands => ({
  text,
  lines: lines.map(normalLine),
});
