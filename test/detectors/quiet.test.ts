import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { atLeast, type Level } from "../../src/core/flag.js";
import { judgeCommand } from "./judgeText.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const lines = (path: string): readonly string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
const reaches = (text: string, floor: Level): boolean => {
  const { level } = judgeCommand(text);
  return level !== "none" && atLeast(level, floor);
};

describe("ordinary work is quiet", () => {
  test.each(lines(here("./ordinaryWork.txt")))("%s", (text) => {
    const { level, rules } = judgeCommand(text);
    expect(level === "none" || level === "informational" || level === "low" ? [] : rules).toEqual([]);
  });
});

const benign = here("../../../shared/data/benign-commands.txt");
describe.skipIf(!existsSync(benign))("everyday commands from public documentation", () => {
  test("at most 1.5 % are high, at most 0.2 % critical", () => {
    const commands = lines(benign);
    expect(commands.filter((text) => reaches(text, "high")).length / commands.length).toBeLessThan(0.015);
    expect(commands.filter((text) => reaches(text, "critical")).length / commands.length).toBeLessThan(0.002);
  });
});

/** Techniques that concern an agent on a workstation. */
const TECHNIQUES =
  /^T(1539|1555|1552|1003|1217|1485|1490|1486|1489|1048|1567|1572|1105|1496|1611|1070|1685|1686|1690|1098|1136|1053|1543|1546|1547|1548)/;

/** What is not medium or above, and why. Anything else that is missed is a fault. */
const LEFT_ALONE: readonly (readonly [RegExp, string])[] = [
  [/^cat \/etc\/passwd/, "the list of users is open to everybody, and many scripts read it (low)"],
  [/^rm -f \/tmp\//, "a single temporary file deleted is everyday work"],
  [
    /^(rsync|scp)( -r)? adversary@/,
    "files fetched from a machine that one can log in to are everyday work (low)",
  ],
  [/^nscurl /, "a plain download is everyday work"],
  [
    /com\.apple\.loginwindow\.\*\.plist/,
    "the file that is changed is named by a variable that only a run would tell",
  ],
  [/^tail \/var\/log\//, "a log read is everyday work"],
];

const attacks = here("../../../shared/data/attack-commands.jsonl");
describe.skipIf(!existsSync(attacks))("public tests of attack techniques", () => {
  test("at least 85 % are medium or above", () => {
    const commands = lines(attacks)
      .map((line) => JSON.parse(line) as { readonly technique: string; readonly command: string })
      .filter(({ technique }) => TECHNIQUES.test(technique));
    const found = commands.filter(({ command }) => reaches(command, "medium"));
    expect(found.length / commands.length).toBeGreaterThanOrEqual(0.85);
    const missed = commands.filter(({ command }) => !reaches(command, "medium"));
    expect(missed.filter(({ command }) => !LEFT_ALONE.some(([form]) => form.test(command)))).toEqual([]);
  });
});
