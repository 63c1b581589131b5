import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BodycamError, messageOf } from "../core/errors.js";
import type { SigmaDocument } from "../sigma/model.js";
import type { ParsedRules } from "../sigma/parse.js";
import { inForce } from "./allowances.js";
import { type PreparedRules, readPrepared, textKey } from "./preparedRules.js";
import { makeRulePack, type RulePack, type RuleText } from "./rulePack.js";

/** The rules that a session is judged by. */
export type Detectors = RulePack;

/** Whether a file holds rules: the cases beside them have their own ending. */
const isRuleFile = (name: string): boolean => /\.ya?ml$/.test(name) && !/\.cases\.ya?ml$/.test(name);

/**
 * Reads all rules under some directories (or files), in the order of their paths. Files that the build prepared are
 * not parsed again, and without any other the YAML parser is never loaded. What expires counts as it did at `at`, the
 * session's moment in microseconds since 1970.
 *
 * @throws BodycamError `io` when a directory or file can't be read. Rules that are wrong do not throw: they are
 * in `problems`.
 */
export async function loadDetectors(
  paths: readonly string[],
  prepared: PreparedRules = readPrepared(),
  at = Date.now() * 1000,
): Promise<Detectors> {
  const texts = readRuleTexts(paths);
  const checked = new Set<SigmaDocument>();
  const parsed: ParsedRules[] = [];
  for (const one of texts) {
    const known = prepared.get(textKey(one));
    if (known === undefined) parsed.push((await import("../sigma/parse.js")).parseRules(one.text, one.file));
    else {
      const rules = known.map((rule) => ({ ...rule, file: one.file }));
      for (const rule of rules) checked.add(rule);
      parsed.push({ rules, problems: [] });
    }
  }
  return makeRulePack(
    parsed.map((one) => inForce(one, at)),
    checked,
  );
}

/** The texts of all rule files under some directories, or of single files. */
export const readRuleTexts = (paths: readonly string[]): readonly RuleText[] =>
  paths.flatMap((path) => listFiles(path, isRuleFile)).map((file) => ({ file, text: readText(file) }));

/** The texts of all files of cases under some directories, or of single files. */
export const readCaseTexts = (paths: readonly string[]): readonly RuleText[] =>
  paths
    .flatMap((path) => listFiles(path, (name) => /\.cases\.ya?ml$/.test(name)))
    .map((file) => ({ file, text: readText(file) }));

function listFiles(path: string, wanted: (name: string) => boolean): readonly string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true, recursive: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [path];
    throw new BodycamError("io", `The rules in ${path} can't be read: ${messageOf(error)}`, {
      hint: "Name a directory with Sigma rules, or one file.",
      cause: error,
    });
  }
  return entries
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new BodycamError("io", `The rule file ${file} can't be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
