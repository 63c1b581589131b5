import type { Command } from "commander";
import { type Confidence, type Flag, isSurer } from "../../core/flag.js";
import { type Review, standingOf } from "../../core/review.js";
import { shortId } from "../../core/units.js";
import type { Library } from "../../session/library.js";
import { confidenceText, evidenceText } from "../evidenceText.js";
import { flagJson, printJson } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { flagSentence } from "../prose.js";
import { reportReviewProblems, reviewText } from "../reviewText.js";
import { Painter } from "../terminalText.js";
import { momentText } from "../units.js";

/** How often new flags are looked for. */
const LOOK_EVERY_MS = 100;
/** Flags that were told are remembered, so that one is told again only when it is more certain. */
const MOST_TOLD = 10_000;

interface FlagsOptions {
  readonly json?: true;
  readonly follow?: true;
}

export function addFlags(program: Command): void {
  program
    .command("flags")
    .summary("what was flagged; --follow: live, as it happens")
    .description(
      "Shows the flags of one session. Without an ID, of the latest; with --follow, of all as they come.",
    )
    .argument("[id]", "the session's id, or the beginning of it")
    .option("-f, --follow", "print flags live, as they are found, until Ctrl-C")
    .option("--json", "print JSON (with --follow: one document a line)")
    .addHelpText(
      "after",
      "\nExamples:\n  bodycam flags\n  bodycam flags --follow\n  bodycam flags 1f3a --json",
    )
    .action(flags);
}

async function flags(id: string | undefined, options: FlagsOptions): Promise<void> {
  const library = await openLibrary();
  if (options.follow) return follow(library, id, options);
  const session = library.find(id);
  const found = library.flags(session);
  const log = library.reviews(session.id);
  library.close();
  const said = standingOf(log.reviews).flags;
  if (options.json) {
    printJson(found.map((flag) => flagJson(flag, session.startedAt, said.get(flag.id))));
    return;
  }
  reportReviewProblems(log.problems);
  if (found.length === 0) {
    process.stdout.write(`Nothing was flagged in session ${shortId(session.id)}.\n`);
    return;
  }
  const paint = new Painter(process.stdout);
  for (const flag of found) process.stdout.write(`${flagText(flag, paint, said.get(flag.id))}\n`);
}

/** Prints the flags that come in from now on; for one session also those that are there already. */
async function follow(library: Library, id: string | undefined, options: FlagsOptions): Promise<void> {
  const session = id === undefined ? undefined : library.find(id).id;
  const paint = new Painter(process.stdout);
  let last = session === undefined ? library.catalogue.lastFlagNumber() : 0;
  if (process.stderr.isTTY) process.stderr.write("bodycam: waiting for flags; Ctrl-C ends this.\n");
  process.stdout.on("error", () => process.exit(0));
  const told = new Map<string, Confidence>();
  for (;;) {
    for (const { number, flag } of library.catalogue.flagsAfter(last, session)) {
      last = number;
      const before = told.get(flag.id);
      // One that comes again has more evidence; that is news when it is more certain now.
      if (before !== undefined && !isSurer(flag.confidence, before)) continue;
      told.set(flag.id, flag.confidence);
      if (told.size > MOST_TOLD) told.delete(told.keys().next().value as string);
      const startedAt = library.catalogue.session(flag.session)?.startedAt ?? 0;
      const text = before === undefined ? flagText(flag, paint) : againText(flag, paint);
      const line = options.json
        ? JSON.stringify(flagJson(flag, startedAt))
        : `${paint.paint(shortId(flag.session), "dim")}  ${text}`;
      process.stdout.write(`${line}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function flagText(flag: Flag, paint: Painter, review?: Review): string {
  const piece = surest(flag);
  const shown = piece === undefined ? "" : `\n       ${paint.paint(evidenceText(piece), "dim")}`;
  const said = review === undefined ? "" : `\n       ${reviewText(review, paint)}`;
  const known = `\n       ${paint.paint(confidenceText(flag), "dim")}`;
  return `${momentText(flag.at)}  ${paint.level(flag.rule.level)}  ${flagSentence(flag)}${said}${known}${shown}`;
}

/** A flag that was told before, and is more certain now. */
function againText(flag: Flag, paint: Painter): string {
  const now = flag.confidence === "confirmed" ? "now confirmed" : "now asked for";
  const piece = surest(flag);
  const shown = piece === undefined ? "" : `\n       ${paint.paint(evidenceText(piece), "dim")}`;
  return `${momentText(flag.at)}  ${paint.level(flag.rule.level)}  ${now}: ${flagSentence(flag)}${shown}`;
}

/** The piece of evidence that makes a flag as certain as it is. */
const surest = (flag: Flag): Flag["evidence"][number] | undefined =>
  flag.evidence.find((piece) => piece.confidence === flag.confidence) ?? flag.evidence[0];
