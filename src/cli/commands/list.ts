import type { Command } from "commander";
import { type Flag, LEVELS } from "../../core/flag.js";
import { outcomeOf, type Standing, standingOf, VERDICTS } from "../../core/review.js";
import { agentName } from "../../core/sessionSummary.js";
import { shortId } from "../../core/units.js";
import { printJson, sessionJson, worstLevel } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { commandText } from "../prose.js";
import { verdictText } from "../reviewText.js";
import { obey, showSessions } from "../sessionList.js";
import { Painter, table } from "../terminalText.js";
import { bytesText, durationText, wallText } from "../units.js";

interface ListOptions {
  readonly json?: true;
  readonly worst?: true;
  readonly interactive?: true;
}

export function addList(program: Command): void {
  program
    .command("list")
    .summary("all recorded sessions")
    .description("Lists the recorded sessions, the newest first.")
    .option("--worst", "the gravest flags first")
    .option("-i, --interactive", "choose from the list and watch, as `bodycam replay` does")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  bodycam list\n  bodycam list --worst\n  bodycam list --interactive\n  bodycam list --json | jq '.[0].id'",
    )
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const library = await openLibrary();
  if (options.interactive) {
    try {
      const { watchSession } = await import("../watchSession.js");
      obey(await showSessions(library, (session) => watchSession(library, session)));
    } finally {
      library.close();
    }
    return;
  }
  const entries = library.catalogue.sessions().map((session) => ({
    session,
    flags: library.flags(session),
    standing: standingOf(library.reviews(session.id).reviews),
  }));
  library.close();
  const gravity = (entry: (typeof entries)[number]) => {
    const worst = worstLevel(entry.flags);
    return worst === undefined ? -1 : LEVELS.indexOf(worst);
  };
  if (options.worst) entries.sort((a, b) => gravity(b) - gravity(a) || b.flags.length - a.flags.length);
  if (options.json) {
    printJson(entries.map(({ session, flags, standing }) => sessionJson(session, flags, standing)));
    return;
  }
  if (entries.length === 0) {
    process.stdout.write("Nothing has been recorded yet. Begin with: bodycam run -- codex\n");
    return;
  }
  const paint = new Painter(process.stdout);
  // Where nobody has reviewed anything, a column for it would only take room.
  const reviewed = entries.some(({ standing }) => standing.session !== undefined || standing.flags.size > 0);
  const rows = entries.map(({ session, flags, standing }) => {
    const worst = worstLevel(flags);
    return [
      shortId(session.id),
      wallText(session.startedAt),
      session.state === "complete" ? durationText(session.durationUs) : session.state,
      bytesText(session.outputBytes),
      worst === undefined ? "-" : `${flags.length} ${worst}`,
      ...(reviewed ? [reviewedText(standing, flags)] : []),
      agentName(session.meta),
      commandText(session.meta),
    ];
  });
  const head = ["ID", "STARTED", "LENGTH", "OUTPUT", "FLAGS", "AGENT", "COMMAND"];
  if (reviewed) head.splice(5, 0, "VERDICT");
  const text = table(head, rows, (cell, column, row) => {
    if (row < 0) return paint.paint(cell, "dim");
    if (column === 0) return paint.paint(cell, "bold");
    const level = LEVELS.find((name) => cell.endsWith(` ${name}`));
    if (column === 4 && level !== undefined) return cell.replace(level, paint.level(level));
    const verdict = VERDICTS.find((name) => name === cell);
    return reviewed && column === 5 && verdict !== undefined ? verdictText(verdict, paint) : cell;
  });
  process.stdout.write(`${text}\n`);
}

/** The verdict, or how many of the flags have been looked at. */
function reviewedText(standing: Standing, flags: readonly Flag[]): string {
  const { verdict, reviewed } = outcomeOf(standing, flags);
  return verdict ?? (reviewed === 0 ? "-" : `${reviewed}/${flags.length}`);
}
