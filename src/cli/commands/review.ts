import { hostname } from "node:os";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError } from "../../core/errors.js";
import type { Flag } from "../../core/flag.js";
import { isVerdict, LONGEST_NOTE, VERDICTS, type Verdict } from "../../core/review.js";
import type { SessionSummary } from "../../core/sessionSummary.js";
import { shortId } from "../../core/units.js";
import type { ReviewLog } from "../../review/readLog.js";
import type { Library } from "../../session/library.js";
import { findFlag } from "../findFlag.js";
import { printJson } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { flagSentence } from "../prose.js";
import {
  isTampered,
  reportReviewProblems,
  reviewJson,
  reviewProblemText,
  reviewText,
} from "../reviewText.js";
import { Painter } from "../terminalText.js";
import { momentText } from "../units.js";
import { userName } from "../userName.js";
import { dayText, expiryOf, writeAllowance } from "../writeAllowance.js";

/** The same as `verify` gives for something that was changed. */
const TAMPERED_STATUS = 3;
const USUAL_EXPIRY = "90d";

interface ReviewOptions {
  readonly flag?: string;
  readonly message?: string;
  readonly by?: string;
  readonly allow?: true;
  readonly expires: string;
  readonly json?: true;
}

export function addReview(program: Command): void {
  program
    .command("review")
    .summary("say what a session or a flag was: true, benign or unsure")
    .description(
      `Writes a verdict into the session's review log: ${VERDICTS.join(", ")}. Without a verdict, shows the log. Without an ID, of the latest session. The recording itself never changes.`,
    )
    .argument("[id]", "the session's id, or the beginning of it")
    .argument("[verdict]", `one of: ${VERDICTS.join(", ")}`)
    .option(
      "--flag <flag>",
      "the flag that is meant: its number in `bodycam show`, or its id (default: the session)",
    )
    .option("-m, --message <sentence>", "why, in a sentence")
    .option("--by <name>", "who says so (default: your user name)")
    .option("--allow", "with benign and --flag: let the detectors pass over this act from now on")
    .option("--expires <when>", "until when it is allowed: a day, or a number of days", USUAL_EXPIRY)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam review                                          what was said of the latest session
  bodycam review 1f3a true -m "took cookies; keys rotated"
  bodycam review 1f3a --flag 2 benign -m "our own test profile"
  bodycam review 1f3a --flag 2 benign -m "our own test profile" --allow --expires 30d

Verdicts are only ever added: a later one counts, the earlier ones stay. Each entry is chained to the one before it;
the exit status is ${TAMPERED_STATUS} when the log shows that somebody changed it. An allowance is a Sigma filter in
$BODYCAM_HOME/detectors/allowances, for this detector and this act only; delete the file to take it back.`,
    )
    .action(review);
}

async function review(
  first: string | undefined,
  second: string | undefined,
  options: ReviewOptions,
): Promise<void> {
  // No verdict can be the beginning of an id, which is hexadecimal.
  const [id, word] = second === undefined && isVerdict(first) ? [undefined, first] : [first, second];
  const verdict = word === undefined ? undefined : verdictOf(word);
  if (verdict === undefined && (options.flag ?? options.message) !== undefined) {
    throw new BodycamError("bad-usage", "The verdict is missing.", {
      hint: `Add one of: ${VERDICTS.join(", ")}.`,
    });
  }
  const note = noteOf(options.message ?? "");
  if (options.allow && (verdict !== "benign" || options.flag === undefined || note === "")) {
    throw new BodycamError("bad-usage", "Only a flag that is benign can be allowed, and for a reason.", {
      hint: 'Like this: bodycam review --flag 2 benign -m "why it is fine" --allow',
    });
  }
  const expires = expiryOf(options.expires, Date.now());
  const library = await openLibrary();
  try {
    const session = library.find(id);
    if (verdict === undefined) showLog(library, session, options);
    else await write(library, session, verdict, note, { ...options, expires });
  } finally {
    library.close();
  }
}

function verdictOf(word: string): Verdict {
  if (isVerdict(word)) return word;
  throw new BodycamError("bad-usage", `"${word}" is no verdict.`, {
    hint: `Use one of: ${VERDICTS.join(", ")}.`,
  });
}

function noteOf(message: string): string {
  if (message.length <= LONGEST_NOTE) return message.trim();
  throw new BodycamError("bad-usage", `The message is longer than ${LONGEST_NOTE} characters.`, {
    hint: "Put the long story elsewhere, and say here where it is.",
  });
}

async function write(
  library: Library,
  session: SessionSummary,
  verdict: Verdict,
  note: string,
  options: ReviewOptions,
): Promise<void> {
  const flag = options.flag === undefined ? undefined : findFlag(options.flag, library.flags(session));
  const by = options.by?.trim() || userName();
  const allowed =
    flag === undefined || !options.allow
      ? undefined
      : await writeAllowance(library, flag, {
          reason: note,
          by,
          date: dayText(Date.now()),
          expires: options.expires,
        });
  const written = library.review({
    session: session.id,
    flag: flag?.id,
    verdict,
    note,
    by,
    host: hostname(),
    at: Date.now() * 1000,
  });
  reportReviewProblems(library.reviews(session.id).problems);
  if (options.json) {
    printJson({ session: session.id, ...reviewJson(written), allowance: allowed ?? null });
    return;
  }
  const about = flag === undefined ? "" : ` (${flagSentence(flag)})`;
  process.stderr.write(`bodycam: session ${shortId(session.id)} is reviewed: ${verdict}${about}\n`);
  if (allowed !== undefined)
    process.stderr.write(`bodycam: it is allowed until ${options.expires}, by ${displayText(allowed)}\n`);
}

function showLog(library: Library, session: SessionSummary, options: ReviewOptions): void {
  const log = library.reviews(session.id);
  if (isTampered(log.problems)) process.exitCode = TAMPERED_STATUS;
  if (options.json) {
    printJson({
      session: session.id,
      reviews: log.reviews.map(reviewJson),
      problems: log.problems.map((problem) => ({ ...problem, says: reviewProblemText(problem) })),
    });
    return;
  }
  reportReviewProblems(log.problems);
  if (log.reviews.length === 0) {
    process.stdout.write(`Nobody has said anything of session ${shortId(session.id)} yet.\n`);
    return;
  }
  process.stdout.write(`${logText(log, library.flags(session), new Painter(process.stdout))}\n`);
}

function logText({ reviews }: ReviewLog, flags: readonly Flag[], paint: Painter): string {
  return reviews
    .map((one) => {
      const flag = flags.find(({ id }) => id === one.flag);
      const about =
        one.flag === undefined
          ? "the session"
          : flag === undefined
            ? `flag ${displayText(one.flag, 8)}, which is not there any more`
            : `${momentText(flag.at)} ${flagSentence(flag)}`;
      return `${reviewText(one, paint)}\n        ${paint.paint(about, "dim")}`;
    })
    .join("\n");
}
