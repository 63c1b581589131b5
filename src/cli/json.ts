import type { Imported } from "../core/event.js";
import { type Flag, LEVELS, type Level } from "../core/flag.js";
import { EMPTY_STANDING, outcomeOf, type Review, type Standing } from "../core/review.js";
import { agentName, type SessionSummary } from "../core/sessionSummary.js";
import { reviewJson } from "./reviewText.js";
import { isoText } from "./units.js";

/** Prints one JSON document on stdout. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** A session as `--json` gives it. */
export function sessionJson(
  session: SessionSummary,
  flags: readonly Flag[],
  standing: Standing = EMPTY_STANDING,
): Record<string, unknown> {
  const { meta } = session;
  const { verdict, reviewed } = outcomeOf(standing, flags);
  return {
    id: session.id,
    state: session.state,
    agent: agentName(meta),
    command: meta.command,
    cwd: meta.cwd,
    started: isoText(session.startedAt),
    duration_us: session.durationUs,
    exit: session.exit ?? null,
    user: meta.user,
    host: meta.host,
    imported: meta.imported === undefined ? null : importedJson(meta.imported),
    terminal: { type: meta.term, cols: meta.size.cols, rows: meta.size.rows },
    bytes: { output: session.outputBytes, input: session.inputBytes, masked: session.maskedBytes },
    gaps: session.gaps,
    notices: session.notices,
    flags: flags.length,
    worst: worstLevel(flags) ?? null,
    verdict: verdict ?? null,
    reviewed,
  };
}

/** What an imported session was made from. */
export const importedJson = ({ format, files, at, header }: Imported): Record<string, unknown> => ({
  format,
  files,
  time: isoText(at),
  header,
});

/** A flag as `--json` gives it, with what a reviewer said of it. */
export function flagJson(flag: Flag, startedAt: number, review?: Review): Record<string, unknown> {
  return {
    id: flag.id,
    session: flag.session,
    rule: flag.rule,
    at_us: flag.at,
    time: isoText(startedAt + flag.at),
    confidence: flag.confidence,
    evidence: flag.evidence.map(({ at, ...rest }) => ({ ...rest, at_us: at })),
    ...(review !== undefined && { review: reviewJson(review) }),
  };
}

/** The gravest level among flags. */
export function worstLevel(flags: readonly Flag[]): Level | undefined {
  return LEVELS.findLast((level) => flags.some((flag) => flag.rule.level === level));
}
