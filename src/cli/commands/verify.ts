import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import type { Imported } from "../../core/event.js";
import { problemText } from "../../recording/problems.js";
import { openRecording } from "../../recording/reader.js";
import { type VerifyReport, verifyRecording } from "../../recording/verify.js";
import { findRecording } from "../findRecording.js";
import { importedJson, printJson } from "../json.js";
import { importedText } from "../prose.js";
import { Painter } from "../terminalText.js";
import { bytesText, durationText } from "../units.js";

const STATUS: Readonly<Record<VerifyReport["outcome"], number>> = { intact: 0, altered: 3, incomplete: 4 };

export function addVerify(program: Command): void {
  program
    .command("verify")
    .summary("whether a recording is whole and unchanged")
    .description(
      "Checks every byte of a recording against its chain of hashes and its seals, and reports every problem.",
    )
    .argument("[id]", "the session's id, the beginning of it, or the path of a recording")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam verify
  bodycam verify ./recording.bodycam --json

The exit status is 0 for intact, 3 for altered, 4 for incomplete but intact so far (its recorder was killed,
or is still running). Nothing is ever changed.`,
    )
    .action(verify);
}

async function verify(id: string | undefined, options: { readonly json?: true }): Promise<void> {
  const path = await findRecording(id);
  const report = await verifyRecording(path);
  const imported = importedFrom(path);
  process.exitCode = STATUS[report.outcome];
  if (options.json) {
    printJson({
      path,
      ...reportJson(report),
      imported: imported === undefined ? null : importedJson(imported),
    });
    return;
  }
  const paint = new Painter(process.stdout);
  process.stdout.write(`${outcomeText(report, paint)}\n`);
  if (imported !== undefined)
    process.stdout.write(`  ${importedText(imported)}: the seal says nothing of the time before\n`);
  for (const problem of report.problems) process.stdout.write(`  - ${displayText(problemText(problem))}\n`);
}

/** What the session was imported from, as far as its recording can be read. */
function importedFrom(path: string): Imported | undefined {
  try {
    const recording = openRecording(path);
    try {
      for (const event of recording.events()) return event.kind === "open" ? event.meta.imported : undefined;
    } finally {
      recording.close();
    }
  } catch {
    // What keeps it from being read is in the report.
  }
  return undefined;
}

function outcomeText(report: VerifyReport, paint: Painter): string {
  const covered = `${report.frames} frames in ${report.blocks} blocks, ${bytesText(report.outputBytes)} of output`;
  switch (report.outcome) {
    case "intact":
      return [
        `${paint.paint("intact", "green", "bold")}: whole and unchanged since it was sealed (${covered}).`,
        `  session ${report.session}`,
        `  sealed by ${report.signer.fingerprint}`,
        `  chain head ${hex(report.head)}`,
      ].join("\n");
    case "incomplete":
      return `${paint.paint("incomplete", "yellow", "bold")}: it has no end, but nothing in it was changed (${covered}; sealed up to ${durationText(report.sealedUntil)}).`;
    case "altered":
      return `${paint.paint("altered", "red", "bold")}: something in it is not as it was recorded.`;
  }
}

const reportJson = (report: VerifyReport): Record<string, unknown> => ({
  outcome: report.outcome,
  session: report.session,
  frames: report.frames,
  blocks: report.blocks,
  output_bytes: report.outputBytes,
  sealed_until_us: report.sealedUntil,
  signer: report.signer,
  chain_head: hex(report.head),
  problems: report.problems.map((problem) => ({ ...problem, says: problemText(problem) })),
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
