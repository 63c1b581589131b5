import type { CoverageSpan } from "../core/coverage.js";
import { displayText } from "../core/displayText.js";
import { momentText } from "./units.js";

const NAMES: Readonly<Record<CoverageSpan["source"], string>> = {
  strace: "programs (strace)",
  "process-table": "programs (process table)",
  inotify: "sensitive files",
  transcript: "the agent's own record",
};

/** Which sources were on from when to when, and what each can't see, in lines. */
export function coverageText(spans: readonly CoverageSpan[] | undefined): readonly string[] {
  if (spans === undefined || spans.length === 0)
    return ["the terminal only: what programs did beyond it was not watched"];
  return spans.flatMap(({ source, from, to, state, details }) => [
    `${NAMES[source]}: ${whenText(from, to, state)}`,
    ...details.map((detail) => `  ${displayText(detail)}`),
  ]);
}

function whenText(from: number, to: number | undefined, state: CoverageSpan["state"]): string {
  if (to === undefined) return `watched from ${momentText(from)} on`;
  if (state === "failed" && from === to) return "not watched";
  const end = state === "failed" ? `; broke down at ${momentText(to)}` : "";
  return `watched from ${momentText(from)} to ${momentText(to)}${end}`;
}

/** As `--json` gives it. */
export const coverageJson = (
  spans: readonly CoverageSpan[] | undefined,
): readonly Record<string, unknown>[] =>
  (spans ?? []).map(({ from, to, ...rest }) => ({ ...rest, from_us: from, to_us: to ?? null }));
