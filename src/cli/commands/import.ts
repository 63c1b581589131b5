import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError } from "../../core/errors.js";
import type { Flag } from "../../core/flag.js";
import { recordingPath } from "../../core/home.js";
import type { SessionSummary } from "../../core/sessionSummary.js";
import { type SessionId, shortId } from "../../core/units.js";
import { findingText } from "../../formats/findings.js";
import { formatName } from "../../formats/foreign.js";
import { loadSigner } from "../../recording/keys.js";
import { packRecording } from "../../recording/pack.js";
import type { Library } from "../../session/library.js";
import { composeForeign } from "../composeForeign.js";
import type { ForeignFiles, ForeignRead } from "../foreignFile.js";
import { printJson, sessionJson } from "../json.js";
import { openLibrary } from "../openLibrary.js";
import { progressLine } from "../progressLine.js";
import { Painter } from "../terminalText.js";
import { bytesText, durationText } from "../units.js";

interface ImportOptions {
  readonly timing?: string;
  readonly input?: string;
  readonly json?: true;
}

interface ImportedSession extends ForeignRead {
  readonly files: ForeignFiles;
  readonly session: SessionSummary;
  readonly flags: readonly Flag[];
}

export function addImport(program: Command): void {
  program
    .command("import")
    .summary("make sessions of asciicasts, ttyrecs and typescripts")
    .description(
      "Makes a recording of each file, looks at it with the detectors, and keeps it with the other sessions.",
    )
    .argument("<file...>", "asciicast (1 to 3), ttyrec, typescript of script(1); also .gz and .zst")
    .option("--timing <file>", "the timing of a typescript: script --log-timing, or -t")
    .option("--input <file>", "the input of a typescript, when it is in a file of its own: script --log-in")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam import demo.cast
  bodycam import *.ttyrec.gz
  bodycam import --timing session.tim session.log

The format is told by the content. An imported session is sealed with your key like any other, and says that it was
imported, from which file (with its hash), and what was left out or guessed: nobody can vouch for what was before.`,
    )
    .action(importFiles);
}

async function importFiles(paths: readonly string[], options: ImportOptions): Promise<void> {
  const { timing, input } = options;
  if (paths.length !== 1 && (timing !== undefined || input !== undefined)) {
    throw new BodycamError("bad-usage", "A timing or input belongs to one typescript.", {
      hint: "Import them one by one.",
    });
  }
  if (input !== undefined && timing === undefined) {
    throw new BodycamError("bad-usage", "Input can't be placed without the timing.", {
      hint: "Give --timing too.",
    });
  }
  const library = await openLibrary();
  const imported: ImportedSession[] = [];
  try {
    for (const path of paths) {
      const files = {
        path,
        ...(timing === undefined ? {} : { timing }),
        ...(input === undefined ? {} : { input }),
      };
      const one = await importFile(library, files);
      imported.push(one);
      if (!options.json) print(one);
    }
  } finally {
    library.close();
  }
  if (options.json) printJson(imported.map(importJson));
}

async function importFile(library: Library, files: ForeignFiles): Promise<ImportedSession> {
  const id = randomUUID() as string as SessionId;
  const path = recordingPath(library.home, id);
  const signer = loadSigner(library.home.dir);
  const progress = progressLine(`importing ${basename(files.path)}`);
  const onProgress = (done: number, total: number): void => progress.update({ done, total });
  const read = await composeForeign(files, { path, session: id, signer, onProgress }).finally(progress.end);
  // Packing may fail for want of room; the recording is whole without it.
  await packRecording(path, path).catch(() => {});
  await library.reindex(id);
  const session = library.find(id);
  return { ...read, files, session, flags: library.flags(session) };
}

function print({ files, format, session, flags, findings }: ImportedSession): void {
  const paint = new Painter(process.stdout);
  const found = flags.length === 0 ? "nothing flagged" : `${flags.length} flagged`;
  process.stdout.write(
    `${displayText(files.path)} (${formatName(format)}) is session ${paint.paint(shortId(session.id), "bold")}: ` +
      `${durationText(session.durationUs)}, ${bytesText(session.outputBytes)} of output, ${found}\n`,
  );
  for (const finding of findings) process.stdout.write(`  - ${findingText(finding)}\n`);
}

const importJson = ({ files, format, session, flags, findings }: ImportedSession): object => ({
  file: files.path,
  format,
  session: sessionJson(session, flags),
  findings: findings.map((finding) => ({ ...finding, says: findingText(finding) })),
});
