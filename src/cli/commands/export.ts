import { existsSync } from "node:fs";
import type { Command } from "commander";
import { BodycamError } from "../../core/errors.js";
import type { Flag } from "../../core/flag.js";
import { recordingPath } from "../../core/home.js";
import { Findings, findingText } from "../../formats/findings.js";
import { openRecording } from "../../recording/reader.js";
import { indexRecording } from "../../session/indexRecording.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { exportBundle } from "../exportBundle.js";
import { EXPORT_FORMATS, exportFiles, exportFormat, withSuffix } from "../exportFormat.js";
import { openLibrary } from "../openLibrary.js";
import { writeOutputFile } from "../outputFile.js";

interface ExportOptions {
  readonly output?: string;
  readonly format?: string;
  readonly at?: string;
  readonly flag?: string;
  readonly force?: true;
  readonly signWith?: string;
  readonly encryptTo?: string[];
  readonly timestampRequest?: string;
}

export function addExport(program: Command): void {
  program
    .command("export")
    .summary("sessions as evidence that anyone can check, or as a file for other programs")
    .description(
      "Writes a bundle: sessions with their sealed recordings, flags, verdicts and a report, signed, in a zip that others open and check without bodycam. With --format, one session in another program's form. Without an ID, the latest.",
    )
    .argument("[id...]", "sessions: ids, or the beginnings of them, or paths of recordings")
    .option("-o, --output <file>", 'where to write to ("-": standard output, to a pipe)')
    .option("--sign-with <keyfile>", "bundle: sign with this SSH key (or, given the .pub, with ssh-agent)")
    .option(
      "--encrypt-to <recipient...>",
      "bundle: only for these: age recipients, SSH public keys, or files with one",
    )
    .option("--timestamp-request <file>", "bundle: also write a request for a time stamp (RFC 3161)")
    .option("--format <format>", EXPORT_FORMATS.join(", "))
    .option("--at <time>", "html and svg: the screen at this moment, such as 12.5, 1:02 or 1:02:03")
    .option(
      "--flag <flag>",
      'html and svg: the screen at this flag, by its number or id; "all": a file for each',
    )
    .option("--force", "replace a file that is there already")
    .addHelpText(
      "after",
      `
Examples:
  bodycam export -o case.zip
  bodycam export 1f3a 77c0 -o case.zip --sign-with ~/.ssh/id_ed25519
  bodycam export -o case.zip.age --encrypt-to age1…
  bodycam export --format asciicast -o session.cast
  bodycam export 1f3a --format svg --flag 1 -o moment.svg
  bodycam export 1f3a --format text -o - | less

A bundle is signed with this machine's key unless --sign-with is given. Whoever gets it finds in its VERIFY.txt how to
check it, or uses: bodycam verify case.zip

asciicast is version 3, with the flags as markers. text: each line that was on the screen. html and svg: the screen
at the end, or at --at or --flag. What a format can't hold is told.`,
    )
    .action(exportSessions);
}

async function exportSessions(ids: readonly string[], options: ExportOptions): Promise<void> {
  if (options.format === undefined) return exportBundle(ids, options);
  const format = exportFormat(options.format);
  const { output } = options;
  if (output === undefined || ids.length > 1) {
    throw new BodycamError("bad-usage", "One session goes to one file.", {
      hint: `Say where: bodycam export ${ids[0] ?? "ID"} --format ${format} -o FILE`,
    });
  }
  const { path, flags } = await sessionOf(
    ids[0],
    format.startsWith("asciicast") || options.flag !== undefined,
  );
  const recording = openRecording(path);
  try {
    const findings = new Findings();
    const files = exportFiles(format, { recording, flags, at: options.at, flag: options.flag }, findings);
    const force = options.force === true;
    for (const { suffix, pieces } of files) {
      await writeOutputFile(output === "-" ? output : withSuffix(output, suffix), pieces, { force });
    }
    if (files.length === 0)
      process.stderr.write("bodycam: Nothing was flagged, so there is nothing to write.\n");
    for (const finding of findings.all) process.stderr.write(`bodycam: ${findingText(finding)}\n`);
    if (recording.stop !== undefined)
      process.stderr.write("bodycam: The recording ends before its session; see: bodycam verify\n");
  } finally {
    recording.close();
  }
}

/** The recording of a session, and its flags where they are needed. */
async function sessionOf(
  argument: string | undefined,
  flagged: boolean,
): Promise<{ readonly path: string; readonly flags: readonly Flag[] }> {
  if (argument !== undefined && (argument.includes("/") || existsSync(argument))) {
    if (!flagged) return { path: argument, flags: [] };
    const { flags } = await indexRecording(argument, detectorDirectories(), () => false);
    return { path: argument, flags: [...flags].sort((a, b) => a.at - b.at) };
  }
  const library = await openLibrary();
  try {
    const session = library.find(argument);
    return { path: recordingPath(library.home, session.id), flags: library.flags(session) };
  } finally {
    library.close();
  }
}
