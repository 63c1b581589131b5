import { displayText } from "../core/displayText.js";
import type { Exit, Imported, SessionMeta } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import type { SessionState } from "../core/sessionSummary.js";
import { formatName } from "../formats/foreign.js";

/** How a command ended, in words. */
export function exitText(exit: Exit | undefined): string {
  if (exit === undefined || exit.by === "unknown") return "unknown";
  if (exit.by === "signal") return `ended by ${exit.signal}`;
  return exit.code === 0 ? "ended well (0)" : `ended with status ${exit.code}`;
}

/** A command as one would type it. */
export function commandText(meta: SessionMeta): string {
  const word = (text: string) =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
  return displayText(meta.command.map(word).join(" "), 200);
}

/** What an imported session was made from, in words. */
export function importedText({ format, files }: Imported): string {
  const names = files.map(({ name }) => displayText(name, 100)).join(", ");
  return `imported from ${names} (${displayText(formatName(format), 40)}), not recorded here`;
}

/** A flag in one plain sentence. */
export const flagSentence = (flag: Flag): string => displayText(flag.rule.sentence);

export function stateText(state: SessionState): string {
  switch (state) {
    case "recording":
      return "recording now";
    case "complete":
      return "complete and sealed";
    case "torn":
      return "torn: the recorder was killed; everything up to that moment is there";
  }
}
