import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RuleEvent } from "../../src/core/ruleEvent.js";
import { compileDetection } from "../../src/sigma/compileDetection.js";
import { evaluate } from "../../src/sigma/evaluate.js";
import { EventView } from "../../src/sigma/eventView.js";
import type { SigmaDocument } from "../../src/sigma/model.js";
import { parseRules } from "../../src/sigma/parse.js";
import { Problems } from "../../src/sigma/problem.js";
import { RegexCompiler } from "../../src/sigma/regex.js";
import { compileRules } from "../../src/sigma/ruleset.js";
import { filesUnder, hasSigmaHq, parseFolder, SIGMAHQ } from "./sigmahq.js";

/** Matches with and without the prefilter: it must never make a difference. */
function compareOn(documents: readonly SigmaDocument[], events: readonly RuleEvent[]): number {
  const { ruleset } = compileRules(documents, { ignoreLogsource: true });
  const context = { placeholders: {}, regexes: new RegexCompiler(), lazy: false };
  const logics = documents.flatMap((document) => {
    if (document.kind !== "detection") return [];
    const logic = compileDetection(document.detection, context, new Problems("x"));
    return logic === undefined ? [] : [{ id: document.id, logic }];
  });
  let matched = 0;
  for (const event of events) {
    const view = new EventView(event);
    const expected = logics.filter(({ logic }) => evaluate(logic, view)).map(({ id }) => id);
    expect(ruleset.match(event).map(({ rule }) => rule.id)).toEqual(expected);
    matched += expected.length;
  }
  return matched;
}

const words = fc.constantFrom("a", "b", "ab", "abc", "abcd", "bcdea", "cmd.exe", "ſ", "K", "é", "-", "5", "");
const value = fc.array(words, { maxLength: 4 }).map((list) => list.join(""));
const field = fc.constantFrom("F", "G", "H");
const modifiers = fc.constantFrom(
  "",
  "|contains",
  "|startswith",
  "|endswith",
  "|cased",
  "|contains|cased",
  "|re",
  "|re|i",
  "|contains|windash",
  "|neq",
  "|fieldref",
  "|exists",
  "|gte",
);

const item = fc
  .tuple(field, modifiers, fc.array(value, { minLength: 1, maxLength: 3 }))
  .map(([name, mods, values]) => {
    if (mods === "|exists") return [name + mods, values.length === 1];
    if (mods === "|gte") return [name + mods, values.length];
    if (mods === "|fieldref") return [name + mods, "G"];
    return [name + mods, values];
  });
const search = fc.oneof(
  fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items)),
  fc.array(
    value.map((text) => `${text}x`),
    { minLength: 1, maxLength: 2 },
  ),
  fc.constant({ F: null }),
);
const condition = fc.constantFrom(
  "a or b",
  "a and b",
  "a and not b",
  "not a",
  "1 of them",
  "(a or c) and b",
  "a and not (b and not c)",
);
const rule = fc
  .tuple(search, search, search, condition)
  .map(([a, b, c, text]) => ({ a, b, c, condition: text }));
const event = fc.dictionary(
  field,
  fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.constant(null), fc.integer({ min: 0, max: 6 })),
);

describe("the prefilter", () => {
  it("makes no difference to what matches", () => {
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 12 }),
        fc.array(event, { minLength: 8, maxLength: 8 }),
        (rules, events) => {
          const text = rules.map((detection, index) =>
            JSON.stringify({ title: `r${index}`, id: `${index}`, logsource: { category: "x" }, detection }),
          );
          const parsed = parseRules(text.join("\n---\n"), "x.yml");
          matched += compareOn(
            parsed.rules,
            events.map((fields) => ({ fields })),
          );
        },
      ),
      { numRuns: 400 },
    );
    expect(matched).toBeGreaterThan(1000);
  });

  it.skipIf(!hasSigmaHq)("makes none with public rules on public events (skipped without ../shared)", () => {
    const documents = parseFolder("rules").rules.filter((_, index) => index % 3 === 0);
    const commands = readFileSync(join(SIGMAHQ, "../benign-commands.txt"), "utf8").split("\n");
    const events = commands.slice(0, 150).map((command) => ({
      fields: { CommandLine: command, Image: `/usr/bin/${command.split(" ")[0]}`, User: "me" },
    }));
    const recorded = filesUnder(join(SIGMAHQ, "regression_data"), ".json").map(readEvent);
    expect(compareOn(documents, [...events, ...recorded])).toBeGreaterThan(100);
  });
});

/** The plain fields of the first event in a file. */
function readEvent(file: string): RuleEvent {
  const first = readFileSync(file, "utf8").split(/\n(?=\{)/)[0] ?? "";
  const { Event: recorded } = JSON.parse(first) as { Event: { EventData?: Record<string, unknown> } };
  const plain = Object.entries(recorded.EventData ?? {}).flatMap(([key, one]) =>
    typeof one === "string" || typeof one === "number" ? [[key, one] as const] : [],
  );
  return { fields: Object.fromEntries(plain) };
}
