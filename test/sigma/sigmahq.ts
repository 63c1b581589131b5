import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SigmaDocument } from "../../src/sigma/model.js";
import { parseRules } from "../../src/sigma/parse.js";
import type { RuleProblem } from "../../src/sigma/problem.js";

/** The public rules to test against; they are no part of the project, and may be absent. */
export const SIGMAHQ = fileURLToPath(new URL("../../../shared/data/sigmahq", import.meta.url));
export const hasSigmaHq = existsSync(SIGMAHQ);

export function filesUnder(directory: string, ending: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(directory, file));
}

export function parseFolder(folder: string): { rules: SigmaDocument[]; problems: RuleProblem[] } {
  const rules: SigmaDocument[] = [];
  const problems: RuleProblem[] = [];
  for (const file of filesUnder(join(SIGMAHQ, folder), ".yml")) {
    const parsed = parseRules(readFileSync(file, "utf8"), file);
    rules.push(...parsed.rules);
    problems.push(...parsed.problems);
  }
  return { rules, problems };
}
