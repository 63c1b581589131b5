import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError } from "../../core/errors.js";
import type { Imported } from "../../core/event.js";
import { verifyBundle } from "../../evidence/verify/verifyBundle.js";
import { problemText } from "../../recording/problems.js";
import { openRecording } from "../../recording/reader.js";
import { type VerifyReport, verifyRecording } from "../../recording/verify.js";
import { bytesProgress } from "../bytesProgress.js";
import { findRecording } from "../findRecording.js";
import { importedJson, printJson } from "../json.js";
import { importedText } from "../prose.js";
import { Painter } from "../terminalText.js";
import { bytesText, durationText } from "../units.js";
import { bundleJson, bundleText } from "../verifyBundleText.js";

const STATUS: Readonly<Record<VerifyReport["outcome"], number>> = { intact: 0, altered: 3, incomplete: 4 };

export function addVerify(program: Command): void {
  program
    .command("verify")
    .summary("whether a recording or a bundle is whole and unchanged")
    .description(
      "Checks every byte of a recording against its chain of hashes and its seals, or everything about a bundle (a zip, or the folder that one was unpacked to), and reports every problem: what is proved, and what is not.",
    )
    .argument("[id]", "the session's id, the beginning of it, or the path of a recording or a bundle")
    .option("--signer <fingerprint>", "bundle: who must have signed it, such as SHA256:…")
    .option("--authorities <file>", "bundle: certificates (PEM) of time-stamp authorities that you trust")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam verify
  bodycam verify ./recording.bodycam --json
  bodycam verify case.zip --signer SHA256:bVqx…

The exit status is 0 for intact, 3 for altered, 4 for incomplete but intact so far (its recorder was killed,
or is still running). Nothing is ever changed.`,
    )
    .action(verify);
}

interface VerifyChoices {
  readonly json?: true;
  readonly signer?: string;
  readonly authorities?: string;
}

async function verify(id: string | undefined, options: VerifyChoices): Promise<void> {
  const path = await findRecording(id);
  if (isBundle(path)) return verifyAsBundle(path, options);
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

/** Whether what lies there is to be taken for a bundle: a directory, or a zip by its name or its first bytes. */
function isBundle(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true || path.toLowerCase().endsWith(".zip")) return stats !== undefined;
  if (stats?.isFile() !== true) return false;
  const fd = openSync(path, "r");
  try {
    const start = Buffer.alloc(AGE.length);
    const text = start.toString("latin1", 0, readSync(fd, start, 0, start.length, 0));
    if (text === AGE) throw encrypted(path);
    return /^PK(\x03\x04|\x05\x06)/.test(text);
  } finally {
    closeSync(fd);
  }
}

const AGE = "age-encryption.org/v1";

const encrypted = (path: string): BodycamError =>
  new BodycamError("bad-usage", `${path} is encrypted with age, so it can't be looked into.`, {
    hint: "Decrypt it first: age -d -i KEYFILE -o case.zip FILE",
  });

async function verifyAsBundle(path: string, { json, signer, authorities }: VerifyChoices): Promise<void> {
  const progress = bytesProgress("checking the bundle");
  const report = await verifyBundle(path, {
    ...(signer !== undefined && { signer }),
    ...(authorities !== undefined && { authorities }),
    onBytes: progress.add,
  });
  progress.end();
  process.exitCode = STATUS[report.outcome];
  if (json) printJson(bundleJson(path, report));
  else process.stdout.write(bundleText(report, new Painter(process.stdout)));
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
