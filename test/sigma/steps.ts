import { expect } from "vitest";
import type { CorrelationMatch } from "../../src/sigma/correlate.js";
import { type Fields, load } from "./rules.js";

export const rule = (name: string): string =>
  `title: ${name}\nname: ${name}\nlogsource: { category: c }\ndetection: { s: { do: ${name} }, condition: s }\n---\n`;
export const RULES = ["a", "b", "c"].map(rule).join("");

export const correlation = (body: string, name = "corr"): string =>
  `title: ${name}\nname: ${name}\ncorrelation:\n${body.replace(/^/gm, "  ")}\n---\n`;

/** An event: seconds, what it does, its other fields. */
export type Step = readonly [seconds: number, what: string, fields?: Fields];

/** Feeds the steps; gives the matches of all correlations. */
export function run(yaml: string, steps: readonly Step[]): CorrelationMatch[] {
  const { ruleset, problems } = load(yaml);
  expect(problems).toEqual([]);
  const correlator = ruleset.correlator();
  return steps.flatMap(([seconds, what, fields]) => {
    const event = { category: "c", fields: { do: what, ...fields } };
    return correlator.feed(event, ruleset.match(event), seconds * 1_000_000);
  });
}

export const times = (matches: readonly CorrelationMatch[]): number[] =>
  matches.map(({ at }) => at / 1_000_000);
export const completed = (body: string, steps: readonly Step[]): number[] =>
  times(run(RULES + correlation(body), steps));
