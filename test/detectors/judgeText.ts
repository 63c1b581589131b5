import { fileURLToPath } from "node:url";
import { LEVELS, type Level } from "../../src/core/flag.js";
import { loadDetectors } from "../../src/detection/detectors.js";
import { Judge } from "../../src/detection/judge.js";
import { observeCommand, observeScreen } from "../../src/detection/observe.js";
import { WrittenFiles } from "../../src/detection/shell/scope.js";

export const detectors = await loadDetectors([fileURLToPath(new URL("../../detectors", import.meta.url))]);

/** What the detectors say of one command, or of one line of a screen, by itself. */
export interface Verdict {
  readonly level: Level | "none";
  readonly rules: readonly string[];
}

const context = () => ({ product: "linux", cwd: "/home/user/project", files: new WrittenFiles() }) as const;

const verdict = (events: ReturnType<typeof observeCommand>): Verdict => {
  const found = new Judge(detectors).judge(events, 0);
  const worst = Math.max(-1, ...found.map(({ rule }) => LEVELS.indexOf(rule.level ?? "informational")));
  return { level: LEVELS[worst] ?? "none", rules: found.map(({ rule }) => rule.title) };
};

export const judgeCommand = (text: string): Verdict => verdict(observeCommand(text, context()));
export const judgeScreen = (line: string): Verdict => verdict(observeScreen(line, context()));
