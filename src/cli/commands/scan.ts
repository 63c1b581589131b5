import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError, messageOf } from "../../core/errors.js";
import { atLeast, type Flag, LEVELS, type Level } from "../../core/flag.js";
import { type Detectors, loadDetectors } from "../../detection/detectors.js";
import { findingText } from "../../formats/findings.js";
import { eventOfLine } from "../../session/eventLine.js";
import { indexRecording } from "../../session/indexRecording.js";
import { commandScan, eventScan } from "../../session/scan.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { findRecording } from "../findRecording.js";
import { isForeign } from "../foreignFile.js";
import { flagJson, printJson } from "../json.js";
import { type ProgressLine, progressLine } from "../progressLine.js";
import { flagSentence } from "../prose.js";
import { temporaryRecording } from "../temporaryRecording.js";
import { Painter, table } from "../terminalText.js";
import { momentText } from "../units.js";

const HIT_STATUS = 10;
/** How often, in lines, other work gets its turn and progress is shown. */
const TURN = 500;

interface ScanOptions {
  readonly commands?: string;
  readonly events?: string;
  readonly rules?: readonly string[];
  readonly failOn?: Level;
  readonly json?: true;
}

export function addScan(program: Command): void {
  program
    .command("scan")
    .summary("look at recordings, commands or events with the detectors")
    .description(
      "Runs the detectors over recordings (or directories of them, or session ids), asciicasts, ttyrecs and typescripts, shell commands, or events.",
    )
    .argument("[path...]", "recordings, files of other recorders, directories, or session ids")
    .option("--commands <file>", 'one shell command a line ("-": standard input)')
    .option("--events <file>", 'one event a line, as JSON ("-": standard input)')
    .option("--rules <path...>", "use these rules instead of bodycam's own: files or directories")
    .option(
      "--fail-on <level>",
      `exit with ${HIT_STATUS} when something of this level or above is found`,
      level,
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  bodycam scan ./recording.bodycam
  bodycam scan demo.cast session.ttyrec.gz
  bodycam scan --commands history.txt --fail-on high
  bodycam scan --events events.jsonl --rules ./my-rules --json`,
    )
    .action(scan);
}

function level(text: string): Level {
  const found = LEVELS.find((name) => name === text);
  if (found !== undefined) return found;
  throw new BodycamError("bad-usage", `There is no level "${text}".`, {
    hint: `Use one of: ${LEVELS.join(", ")}.`,
  });
}

async function scan(paths: readonly string[], options: ScanOptions): Promise<void> {
  const sources = [options.commands, options.events, paths[0]].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new BodycamError(
      "bad-usage",
      "Say what to scan: recordings, or --commands FILE, or --events FILE.",
      {
        hint: "One of them at a time; `bodycam scan --help` shows examples.",
      },
    );
  }
  const rules = options.rules ?? detectorDirectories();
  const levels =
    options.commands !== undefined
      ? await scanCommands(options.commands, await detectors(rules), options)
      : options.events !== undefined
        ? await scanEvents(options.events, await detectors(rules), options)
        : await scanRecordings(paths, rules, options);
  const { failOn } = options;
  if (failOn !== undefined && levels.some((found) => atLeast(found, failOn))) process.exitCode = HIT_STATUS;
}

/** The rules to scan with. Rules that are refused are told of, and the others used. */
async function detectors(paths: readonly string[]): Promise<Detectors> {
  const loaded = await loadDetectors(paths);
  if (loaded.problems.length > 0) {
    const count = new Set(loaded.problems.map((problem) => `${problem.file} ${problem.ruleId}`)).size;
    process.stderr.write(
      `bodycam: ${count} rules are not used; see why: bodycam rules check ${paths.join(" ")}\n`,
    );
  }
  return loaded;
}

async function scanCommands(file: string, pack: Detectors, options: ScanOptions): Promise<readonly Level[]> {
  const find = commandScan(pack, process.platform === "darwin" ? "macos" : "linux");
  const found = await eachLine(file, "scanning commands", (command, line) => {
    const rules = find(command);
    return rules.length === 0 ? undefined : { line, command, flags: rules.map((rule) => ({ rule })) };
  });
  if (options.json) printJson(found);
  else {
    const rows = found.flatMap(({ line, command, flags }) =>
      flags.map(({ rule }) => [String(line), rule.level, rule.title, command] as const),
    );
    printTable(["LINE", "LEVEL", "RULE", "COMMAND"], rows);
  }
  return found.flatMap(({ flags }) => flags.map(({ rule }) => rule.level));
}

async function scanEvents(file: string, pack: Detectors, options: ScanOptions): Promise<readonly Level[]> {
  const find = eventScan(pack);
  const found = await eachLine(file, "scanning events", (text, line) => {
    const rules = find(eventOfLine(text, line), line);
    return rules.length === 0 ? undefined : { line, rules };
  });
  if (options.json)
    printJson(found.map(({ line, rules }) => ({ line, rules: rules.map((rule) => rule.id) })));
  else {
    const rows = found.flatMap(({ line, rules }) =>
      rules.map((rule) => [String(line), rule.level, rule.title] as const),
    );
    printTable(["LINE", "LEVEL", "RULE"], rows);
  }
  return found.flatMap(({ rules }) => rules.map((rule) => rule.level));
}

async function scanRecordings(
  paths: readonly string[],
  rules: readonly string[],
  options: ScanOptions,
): Promise<readonly Level[]> {
  const files = (await Promise.all(paths.map(recordingsAt))).flat();
  const progress = progressLine("scanning recordings");
  const results: { readonly path: string; readonly flags: readonly Flag[]; readonly startedAt: number }[] =
    [];
  for (const [done, path] of files.entries()) {
    progress.update({ done, total: files.length });
    const { summary, flags } = await index(path, rules);
    results.push({ path, flags, startedAt: summary.startedAt });
  }
  progress.end();
  if (options.json) {
    printJson(
      results.map(({ path, flags, startedAt }) => ({
        path,
        flags: flags.map((flag) => flagJson(flag, startedAt)),
      })),
    );
  } else {
    const rows = results.flatMap(({ path, flags }) =>
      flags.map((flag) => [momentText(flag.at), flag.rule.level, flagSentence(flag), path] as const),
    );
    printTable(["TIME", "LEVEL", "WHAT HAPPENED", "RECORDING"], rows);
  }
  return results.flatMap(({ flags }) => flags.map((flag) => flag.rule.level));
}

/** What is found in a recording, or in a file of another program, which is looked at as its recording would be. */
async function index(path: string, rules: readonly string[]): ReturnType<typeof indexRecording> {
  if (!isForeign(path)) return indexRecording(path, rules, () => false);
  const recording = await temporaryRecording({ path });
  try {
    for (const finding of recording.findings)
      process.stderr.write(`bodycam: ${displayText(path)}: ${findingText(finding)}\n`);
    return await indexRecording(recording.path, rules, () => false);
  } finally {
    recording.remove();
  }
}

/** Names of files of other programs that are taken along when a whole directory is scanned. */
const FOREIGN_NAMES = /\.(cast|ttyrec|typescript)(\.gz|\.zst)?$/;

/** The recordings that an argument means. */
async function recordingsAt(path: string): Promise<readonly string[]> {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [await findRecording(path)];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name.endsWith(".bodycam") || FOREIGN_NAMES.test(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Calls `look` for each line that is not empty; gives what it found. */
async function eachLine<Found>(
  file: string,
  what: string,
  look: (text: string, line: number) => Found | undefined,
): Promise<readonly Found[]> {
  const lines = readText(file).split("\n");
  const progress: ProgressLine = progressLine(what);
  const found: Found[] = [];
  for (const [index, text] of lines.entries()) {
    if (index % TURN === 0) {
      progress.update({ done: index, total: lines.length });
      await new Promise(setImmediate);
    }
    const one = text.trim() === "" ? undefined : look(text, index + 1);
    if (one !== undefined) found.push(one);
  }
  progress.end();
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new BodycamError("io", `${file} can't be read (${messageOf(cause)}).`, {
      hint: "Check the path.",
      cause,
    });
  }
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) {
    process.stdout.write("Nothing was found.\n");
    return;
  }
  const paint = new Painter(process.stdout);
  const text = table(head, rows, (cell, column, row) => {
    if (row < 0) return paint.paint(cell, "dim");
    const found = LEVELS.find((name) => name === cell);
    return column === 1 && found !== undefined ? paint.level(found) : cell;
  });
  process.stdout.write(`${text}\n`);
}
