import { displayText } from "../core/displayText.js";
import { bundleProblemText } from "../evidence/bundleProblemText.js";
import type { BundleReport } from "../evidence/verify/bundleReport.js";
import { statementsOf } from "../evidence/verify/statements.js";
import type { Painter } from "./terminalText.js";
import { isoText } from "./units.js";

/** What was found about a bundle, for a person. */
export function bundleText(report: BundleReport, paint: Painter): string {
  const { proved, notProved } = statementsOf(report);
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${displayText(line, 600)}`)];
  return [
    headline(report, paint),
    ...list("Problems", report.problems.map(bundleProblemText)),
    ...list("What is proved", proved),
    ...list("What is not", notProved),
    "",
  ].join("\n");
}

function headline(report: BundleReport, paint: Painter): string {
  const what = report.kind === "bundle" ? "bundle" : "bag (not one of bodycam's)";
  switch (report.outcome) {
    case "intact":
      return `${paint.paint("intact", "green", "bold")}: this ${what} is whole, and nothing in it was changed.`;
    case "incomplete":
      return `${paint.paint("incomplete", "yellow", "bold")}: nothing in this ${what} was changed, but something has no end or is not there.`;
    case "altered":
      return `${paint.paint("altered", "red", "bold")}: this ${what} is not as it was made.`;
  }
}

/** The same for machines. */
export function bundleJson(path: string, report: BundleReport): Record<string, unknown> {
  const { proved, notProved } = statementsOf(report);
  return {
    path,
    outcome: report.outcome,
    kind: report.kind,
    container: report.container,
    files: report.files,
    signature: report.signature ?? null,
    timestamp:
      report.timestamp === undefined
        ? null
        : { ...report.timestamp, at: undefined, time: isoText(report.timestamp.at) },
    recordings: report.recordings.map(({ file, report: recording, imported, sameKey, until }) => ({
      file,
      session: recording.session,
      outcome: recording.outcome,
      frames: recording.frames,
      blocks: recording.blocks,
      sealed_until_us: recording.sealedUntil,
      until: isoText(until),
      signer: recording.signer,
      sealed_by_bundle_signer: sameKey,
      imported: imported ?? null,
      chain_head: Buffer.from(recording.head).toString("hex"),
    })),
    proved,
    not_proved: notProved,
    problems: report.problems.map((problem) => ({ ...problem, says: bundleProblemText(problem) })),
  };
}
