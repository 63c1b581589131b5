import { statSync } from "node:fs";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { recordingPath } from "../../core/home.js";
import { standingOf } from "../../core/review.js";
import { agentName } from "../../core/sessionSummary.js";
import { claimsJson, claimsText } from "../claimsText.js";
import { coverageJson, coverageText } from "../coverageText.js";
import { confidenceText, evidenceText } from "../evidenceText.js";
import { flagJson, printJson, sessionJson } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { commandText, exitText, flagSentence, importedText, stateText } from "../prose.js";
import { reportReviewProblems, reviewJson, reviewText } from "../reviewText.js";
import { Painter } from "../terminalText.js";
import { bytesText, durationText, momentText, wallText } from "../units.js";

/** So many pieces of evidence of a flag are told; `--json` has all. */
const EVIDENCE_SHOWN = 5;

export function addShow(program: Command): void {
  program
    .command("show")
    .summary("one session: what ran, how it ended, what was flagged")
    .description(
      "Shows one session: what was watched, what was flagged and how it is known, and where what the agent said differs from what it did. Without an ID, the latest.",
    )
    .argument("[id]", "the session's id, or the beginning of it")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  bodycam show\n  bodycam show 1f3a9c02")
    .action(show);
}

async function show(id: string | undefined, options: { readonly json?: true }): Promise<void> {
  const library = await openLibrary();
  const session = library.find(id);
  const flags = library.flags(session);
  const path = recordingPath(library.home, session.id);
  const log = library.reviews(session.id);
  library.close();
  const standing = standingOf(log.reviews);
  const fileBytes = statSync(path, { throwIfNoEntry: false })?.size ?? null;
  if (options.json) {
    printJson({
      ...sessionJson(session, flags, standing),
      recording: { path, bytes: fileBytes },
      coverage: coverageJson(session.coverage),
      claims: claimsJson(session.claims),
      review: standing.session === undefined ? null : reviewJson(standing.session),
      flags: flags.map((flag) => flagJson(flag, session.startedAt, standing.flags.get(flag.id))),
    });
    return;
  }
  const { meta } = session;
  const paint = new Painter(process.stdout);
  reportReviewProblems(log.problems);
  const masked =
    session.maskedBytes === 0 ? "" : `, ${bytesText(session.maskedBytes)} typed at password prompts (masked)`;
  const gaps = session.gaps === 0 ? "none" : `${session.gaps} (something is missing: see \`bodycam verify\`)`;
  const lines: readonly (readonly [string, string])[] = [
    ["session", session.id],
    ["agent", agentName(meta)],
    ["command", commandText(meta)],
    ...(meta.imported === undefined
      ? ([
          ["directory", displayText(meta.cwd)],
          [
            "started",
            `${wallText(session.startedAt)} by ${displayText(meta.user)} on ${displayText(meta.host)}`,
          ],
        ] as const)
      : ([
          ["source", importedText(meta.imported)],
          ["started", wallText(session.startedAt)],
        ] as const)),
    ["length", durationText(session.durationUs)],
    ["state", stateText(session.state)],
    ["exit", session.state === "complete" ? exitText(session.exit) : "-"],
    ["terminal", `${displayText(meta.term)}, ${meta.size.cols} × ${meta.size.rows}`],
    [
      "recorded",
      `${bytesText(session.outputBytes)} of output, ${bytesText(session.inputBytes)} of input${masked}`,
    ],
    ["gaps", gaps],
    ...(standing.session === undefined ? [] : [["review", reviewText(standing.session, paint)] as const]),
    ["file", `${path} (${fileBytes === null ? "missing" : bytesText(fileBytes)})`],
  ];
  for (const [name, value] of lines)
    process.stdout.write(`${paint.paint(name.padEnd(10), "dim")} ${value}\n`);
  for (const [place, line] of coverageText(session.coverage).entries())
    process.stdout.write(`${paint.paint((place === 0 ? "coverage" : "").padEnd(10), "dim")} ${line}\n`);
  const claims = claimsText(session.claims, paint);
  if (claims.length > 0) process.stdout.write(`\n${claims.join("\n")}\n`);
  if (flags.length === 0) {
    process.stdout.write("\nNothing was flagged.\n");
    return;
  }
  process.stdout.write(
    `\n${flags.length === 1 ? "One moment was" : `${flags.length} moments were`} flagged:\n`,
  );
  for (const [index, flag] of flags.entries()) {
    process.stdout.write(
      `  ${momentText(flag.at)}  ${paint.level(flag.rule.level)}  ${flagSentence(flag)} ${paint.paint(`#${index + 1}`, "dim")}\n`,
    );
    const said = standing.flags.get(flag.id);
    if (said !== undefined) process.stdout.write(`         ${reviewText(said, paint)}\n`);
    process.stdout.write(`         ${paint.paint(confidenceText(flag), "dim")}\n`);
    for (const piece of flag.evidence.slice(0, EVIDENCE_SHOWN))
      process.stdout.write(`         ${paint.paint("-", "dim")} ${evidenceText(piece)}\n`);
    const more = flag.evidence.length - EVIDENCE_SHOWN;
    if (more > 0) process.stdout.write(`         ${paint.paint(`… and ${more} more`, "dim")}\n`);
  }
}
