import type { RuleEvent } from "../core/ruleEvent.js";
import { commandEvents, type Product } from "./acts/commandEvents.js";
import { looksLikeSql } from "./code/sqlText.js";
import { readsAsCommand } from "./prose.js";
import { screenCommand } from "./screenCommand.js";
import { readArgv, readShell, type Surroundings } from "./shell/read.js";

/** What is known of the machine and the session around an observation. */
export interface Context extends Surroundings {
  readonly product: Product;
  /** The directory that the session was started in; without it, `cwd` is. */
  readonly workspace?: string | undefined;
}

/** A line longer than this is judged by its beginning and its end. */
const LONGEST_LINE = 64 * 1024;

/** What a shell command is to the rules. Pure but for `context.files`. */
export const observeCommand = (text: string, context: Context): readonly RuleEvent[] =>
  readShell(text, context).flatMap((command) => commandEvents(command, context));

/** What a started program is to the rules: its own events first, then those of each command that it runs in its turn. */
export const observeArgv = (argv: readonly string[], context: Context): readonly (readonly RuleEvent[])[] =>
  readArgv(argv, context).map((command) => commandEvents(command, context));

/** A line of text as rules see the screen. */
export const observeLine = (line: string): readonly RuleEvent[] =>
  line.trim() === "" ? [] : [{ product: "bodycam", category: "terminal", fields: { Text: shortened(line) } }];

/** What a line of the screen is to the rules: its text, and the command that it shows. */
export function observeScreen(line: string, context: Context): readonly RuleEvent[] {
  const command = screenCommand(line);
  const shown = observeLine(line);
  return command === undefined ? shown : [...shown, ...observeCommand(command, context)];
}

/** What a typed line is to the rules: its text, a command for a shell, or a statement for a database. */
export function observeTyped(line: string, context: Context): readonly RuleEvent[] {
  const events: RuleEvent[] = [{ product: "bodycam", category: "input", fields: { Text: shortened(line) } }];
  if (looksLikeSql(line))
    events.push({ product: context.product, category: "database", fields: { Statement: shortened(line) } });
  else if (readsAsCommand(line)) events.push(...observeCommand(line, context));
  return events;
}

const shortened = (text: string): string =>
  text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE / 2)} ${text.slice(-LONGEST_LINE / 2)}`;
