import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { atLeast } from "../../src/core/flag.js";
import type { ProcessFact } from "../../src/core/observation.js";
import { Told } from "../detection/session.js";
import { detectors } from "./judgeText.js";

const facts = readFileSync(new URL("./ordinaryFacts.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as ProcessFact);

test("what the kernel sees of npm, a C build and git work is at most low", () => {
  const told = new Told(detectors, "/home/user/project");
  for (const [place, fact] of facts.entries()) told.process(fact, place / 10);
  told.end();
  expect(facts.length).toBeGreaterThan(100);
  expect(
    told.flags
      .filter(({ rule }) => atLeast(rule.level, "medium"))
      .map((flag) => [flag.rule.title, flag.evidence[0]?.summary]),
  ).toEqual([]);
});
