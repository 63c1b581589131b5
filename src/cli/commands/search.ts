import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError } from "../../core/errors.js";
import { agentName, type SessionSummary } from "../../core/sessionSummary.js";
import { shortId } from "../../core/units.js";
import type { Library } from "../../session/library.js";
import { type Hit, type Wanted, wantedRegex, wantedText } from "../../session/search.js";
import type { ReplayEnd } from "../../tui/runReplay.js";
import { printJson } from "../json.js";
import { openLibrary, reportUnreadable } from "../openLibrary.js";
import { progressLine } from "../progressLine.js";
import { atTerminal, obey, showSessions } from "../sessionList.js";
import { snippet } from "../snippet.js";
import { Painter, table } from "../terminalText.js";
import { isoText, momentText, wallText } from "../units.js";

/** As grep(1) has it: nothing was found. */
const NOTHING_STATUS = 1;
const USUAL_LIMIT = 100;
/** What is shown of a line around the hit, in characters. */
const SNIPPET = 80;

interface SearchOptions {
  readonly regex?: true;
  readonly limit: number;
  readonly open?: true;
  readonly json?: true;
}

export function addSearch(program: Command): void {
  program
    .command("search")
    .summary("find a text in everything that was shown, typed, run or declared")
    .description(
      "Looks for a text in all sessions: on their screens, in what was typed, in what was run, and in what agents declared. Upper and lower case are the same.",
    )
    .argument("<text...>", "what to look for; several words are one text")
    .option("-e, --regex", "the text is a regular expression (RE2's, which runs in linear time)")
    .option("--limit <n>", `show at most so many hits (default: ${USUAL_LIMIT})`, limitOf, USUAL_LIMIT)
    .option("--open", "watch the session at the hit; where several have one, choose from them first")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam search cookies.sqlite
  bodycam search terraform destroy --open
  bodycam search --regex 'AKIA[0-9A-Z]{16}' --json

Sessions are read for this when they have ended, and once; the ones that still run are read as far as they are.
Keys typed at a password prompt are never found: they are not in the recording. The exit status is ${NOTHING_STATUS} when there is no hit.`,
    )
    .action(search);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new BodycamError("bad-usage", `"${text}" is no number of hits.`, {
    hint: "Give a number such as 100.",
  });
}

async function search(words: readonly string[], options: SearchOptions): Promise<void> {
  const text = words.join(" ");
  const wanted = options.regex ? wantedRegex(text) : wantedText(text);
  const library = await openLibrary();
  const progress = progressLine("reading sessions");
  reportUnreadable(await library.readTexts(progress.update));
  progress.end();
  const { hits, more } = firstHits(library, wanted, options.limit);
  reportCut(library);
  if (options.open && hits.length > 0) {
    obey(await watchHits(library, hits, options.regex ? text : literally(text)));
    library.close();
    return;
  }
  library.close();
  if (hits.length === 0) process.exitCode = NOTHING_STATUS;
  if (options.json) printJson(hits.map(hitJson));
  else printHits(hits);
  if (more)
    process.stderr.write(`bodycam: there are more; --limit ${options.limit * 10} shows more of them.\n`);
}

/** A text as an expression that finds nothing else. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Shows the sessions with hits, each from its first hit on. */
async function watchHits(library: Library, hits: readonly Hit[], search: string): Promise<ReplayEnd> {
  const first = new Map(hits.toReversed().map((hit) => [hit.session.id, hit]));
  const [only, another] = first.values();
  if (!atTerminal() || only === undefined) {
    throw new BodycamError("not-a-terminal", "A replay needs a terminal to show it on.", {
      hint: "Without --open, the hits are printed.",
    });
  }
  const { watchSession } = await import("../watchSession.js");
  const watch = (session: SessionSummary) => {
    const hit = first.get(session.id);
    return watchSession(library, session, hit === undefined ? undefined : { seq: hit.line.seq, search });
  };
  return another === undefined ? watch(only.session) : showSessions(library, watch, new Set(first.keys()));
}

function firstHits(
  library: Library,
  wanted: Wanted,
  limit: number,
): { readonly hits: readonly Hit[]; readonly more: boolean } {
  const hits: Hit[] = [];
  for (const hit of library.search(wanted)) {
    if (hits.length === limit) return { hits, more: true };
    hits.push(hit);
  }
  return { hits, more: false };
}

/** Law 6: what is not searched is said. */
function reportCut(library: Library): void {
  for (const { id } of library.catalogue.sessions()) {
    if (!library.catalogue.lines.state(id)?.cut) continue;
    process.stderr.write(
      `bodycam: session ${shortId(id)} said more than can be searched; only its beginning is.\n`,
    );
  }
}

const hitJson = ({ session, line, span }: Hit): Record<string, unknown> => ({
  session: session.id,
  agent: agentName(session.meta),
  at_us: line.at,
  time: isoText(session.startedAt + line.at),
  seq: line.seq,
  where: line.source,
  text: line.text,
  start: span.start,
  end: span.end,
});

function printHits(hits: readonly Hit[]): void {
  if (hits.length === 0) {
    process.stdout.write("Nothing was found.\n");
    return;
  }
  const paint = new Painter(process.stdout);
  const pieces = hits.map(({ line, span }) => snippet(line.text, span, SNIPPET));
  const rows = hits.map(({ session, line }, index) => [
    shortId(session.id),
    wallText(session.startedAt).slice(0, 10),
    momentText(line.at),
    displayText(agentName(session.meta), 16),
    line.source,
    (pieces[index] ?? []).join(""),
  ]);
  const text = table(["SESSION", "DATE", "AT", "AGENT", "WHERE", "TEXT"], rows, (cell, column, row) => {
    if (row < 0) return paint.paint(cell, "dim");
    if (column === 0) return paint.paint(cell, "bold");
    const found = pieces[row];
    if (column < 5 || found === undefined) return cell;
    const [before = "", hit = "", after = ""] = found;
    return before + paint.paint(hit, "bold", "yellow") + after;
  });
  process.stdout.write(`${text}\n`);
}
