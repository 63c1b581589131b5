import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import type { Flag } from "../../core/flag.js";
import { type Review, standingOf } from "../../core/review.js";
import { shortId } from "../../core/units.js";
import type { Library } from "../../session/library.js";
import { flagJson, printJson } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { flagSentence } from "../prose.js";
import { reportReviewProblems, reviewText } from "../reviewText.js";
import { Painter } from "../terminalText.js";
import { momentText } from "../units.js";

/** How often new flags are looked for. */
const LOOK_EVERY_MS = 100;

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
  for (;;) {
    for (const { number, flag } of library.catalogue.flagsAfter(last, session)) {
      last = number;
      const startedAt = library.catalogue.session(flag.session)?.startedAt ?? 0;
      const line = options.json
        ? JSON.stringify(flagJson(flag, startedAt))
        : `${paint.paint(shortId(flag.session), "dim")}  ${flagText(flag, paint)}`;
      process.stdout.write(`${line}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function flagText(flag: Flag, paint: Painter, review?: Review): string {
  const evidence = flag.evidence[0];
  const shown =
    evidence === undefined ? "" : `\n       ${paint.paint(displayText(evidence.summary, 160), "dim")}`;
  const said = review === undefined ? "" : `\n       ${reviewText(review, paint)}`;
  return `${momentText(flag.at)}  ${paint.level(flag.rule.level)}  ${flagSentence(flag)}${said}${shown}`;
}
