import { type Flag, LEVELS, type Level } from "../core/flag.js";
import { agentName, type SessionSummary } from "../core/sessionSummary.js";
import { isoText } from "./units.js";

/** Prints one JSON document on stdout. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** A session as `--json` gives it. */
export function sessionJson(session: SessionSummary, flags: readonly Flag[]): Record<string, unknown> {
  const { meta } = session;
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
    terminal: { type: meta.term, cols: meta.size.cols, rows: meta.size.rows },
    bytes: { output: session.outputBytes, input: session.inputBytes, masked: session.maskedBytes },
    gaps: session.gaps,
    notices: session.notices,
    flags: flags.length,
    worst: worstLevel(flags) ?? null,
  };
}

/** A flag as `--json` gives it: the form that DESIGN's command line describes. */
export function flagJson(flag: Flag, startedAt: number): Record<string, unknown> {
  return {
    id: flag.id,
    session: flag.session,
    rule: flag.rule,
    at_us: flag.at,
    time: isoText(startedAt + flag.at),
    confidence: flag.confidence,
    evidence: flag.evidence.map(({ at, ...rest }) => ({ ...rest, at_us: at })),
  };
}

/** The gravest level among flags. */
export function worstLevel(flags: readonly Flag[]): Level | undefined {
  return LEVELS.findLast((level) => flags.some((flag) => flag.rule.level === level));
}
