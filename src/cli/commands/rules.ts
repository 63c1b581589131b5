import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import type { Level } from "../../core/flag.js";
import { readCases } from "../../detection/caseFile.js";
import { runCases } from "../../detection/cases.js";
import { loadDetectors, readCaseTexts } from "../../detection/detectors.js";
import type { PreparedRules } from "../../detection/preparedRules.js";
import { levelOf } from "../../detection/rulePack.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { printJson } from "../json.js";
import { Painter, table } from "../terminalText.js";

interface RulesOptions {
  readonly json?: true;
}

const FAILED_STATUS = 1;

export function addRules(program: Command): void {
  const rules = program
    .command("rules")
    .summary("the detectors: list them, check them, run their cases")
    .description("Works with detectors: bodycam's own, or those in a directory of yours.");
  rules
    .command("list")
    .summary("all rules, with their levels")
    .argument("[path...]", "files or directories with rules (default: bodycam's own, and yours)")
    .option("--json", "print JSON")
    .action(list);
  rules
    .command("check")
    .summary("whether every rule can be loaded, and why not")
    .argument("[path...]", "files or directories with rules (default: bodycam's own, and yours)")
    .option("--json", "print JSON")
    .action(check);
  rules
    .command("test")
    .summary("run the cases beside the rules")
    .argument("[path...]", "files or directories with rules and cases (default: bodycam's own, and yours)")
    .option("--json", "print JSON")
    .action(test);
  rules.addHelpText(
    "after",
    "\nExamples:\n  bodycam rules list\n  bodycam rules check ./my-rules --json\n  bodycam rules test ./my-rules",
  );
}

const NOTHING_PREPARED: PreparedRules = new Map();

const orOwn = (paths: readonly string[]): readonly string[] =>
  paths.length === 0 ? detectorDirectories() : paths;

async function list(paths: readonly string[], options: RulesOptions): Promise<void> {
  const { documents } = await loadDetectors(orOwn(paths));
  const rules = documents.filter((rule) => rule.kind !== "filter");
  if (options.json) {
    printJson(
      rules.map((rule) => ({
        id: rule.id,
        title: rule.title,
        level: levelOf(rule),
        tags: rule.tags,
        file: rule.file,
      })),
    );
    return;
  }
  const paint = new Painter(process.stdout);
  const rows = rules.map((rule) => [levelOf(rule), rule.title, rule.tags.join(" ")]);
  const text = table(["LEVEL", "RULE", "TAGS"], rows, (cell, column, row) => {
    if (row < 0) return paint.paint(cell, "dim");
    return column === 0 ? paint.level(cell as Level) : cell;
  });
  process.stdout.write(`${text}\n`);
}

/** Reads the files themselves, whatever the build may have prepared. */
async function check(paths: readonly string[], options: RulesOptions): Promise<void> {
  const { documents, problems } = await loadDetectors(orOwn(paths), NOTHING_PREPARED);
  if (problems.length > 0) process.exitCode = FAILED_STATUS;
  if (options.json) {
    printJson({
      loaded: documents.length,
      refused: problems.map(({ file, line, column, reason }) => ({ file, line, column, reason })),
    });
    return;
  }
  for (const { file, line, column, reason } of problems) {
    process.stdout.write(`${displayText(file)}:${line}:${column}: ${displayText(reason)}\n`);
  }
  process.stdout.write(`${documents.length} rules are good, ${problems.length} problems\n`);
}

async function test(paths: readonly string[], options: RulesOptions): Promise<void> {
  const where = orOwn(paths);
  const pack = await loadDetectors(where, NOTHING_PREPARED);
  const files = readCaseTexts(where).map((text) => readCases(text, pack.documents));
  const { passed, failures } = runCases(pack, files);
  if (failures.length > 0 || pack.problems.length > 0) process.exitCode = FAILED_STATUS;
  if (options.json) {
    printJson({ passed, failures, refused: pack.problems });
    return;
  }
  for (const { file, line, reason } of [...pack.problems, ...failures]) {
    process.stdout.write(`${displayText(file)}:${line}: ${displayText(reason)}\n`);
  }
  process.stdout.write(`${passed} cases passed, ${failures.length} failed\n`);
}
