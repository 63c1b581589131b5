import type { Condition } from "./condition.js";
import { MapReader, scalarText } from "./mapReader.js";
import {
  type Alias,
  CORRELATION_TYPES,
  type Correlation,
  type CorrelationCondition,
  type CorrelationType,
  type Reference,
} from "./model.js";
import { conditionOf } from "./parseDetection.js";
import type { Problems } from "./problem.js";
import { COMPARISONS, type CountCondition } from "./threshold.js";
import { parseTimespan } from "./timespan.js";
import type { YamlMap, YamlScalar } from "./yamlTree.js";

/** The most events a count may ask for: each of them is remembered for the length of the timespan. */
const MAX_COUNT = 100_000;

/** Reads the `correlation` section. */
export function parseCorrelation(
  map: YamlMap,
  generate: boolean,
  problems: Problems,
): Correlation | undefined {
  const reader = new MapReader(map, problems);
  const type = reader.oneOf("type", CORRELATION_TYPES);
  if (type === undefined && reader.entry("type") === undefined) problems.add(map.at, "`type` is missing");
  const named = reader.texts("rules").map(reference);
  const groupBy = reader.strings("group-by");
  const timespan = readTimespan(reader, problems);
  const aliases = readAliases(reader, problems);
  const inner = reader.flag("generate") ?? false;
  if (type === undefined) return undefined;
  const condition = readCondition(reader, type, named.length, problems);
  if (condition === undefined) return undefined;
  const rules = named.length === 0 && condition.kind === "presence" ? namesIn(condition.condition) : named;
  if (rules.length === 0) problems.add(map.at, "`rules` names no rule");
  for (const entry of reader.rest()) problems.add(entry.keyAt, `\`${entry.key}\` is no key of a correlation`);
  if (timespan === undefined) return undefined;
  return { type, rules, groupBy, timespan, aliases, condition, generate: inner || generate, at: map.at };
}

const reference = (node: YamlScalar): Reference => ({ to: scalarText(node), at: node.at });

function readTimespan(reader: MapReader, problems: Problems): number | undefined {
  const text = reader.text("timespan");
  const entry = reader.entry("timespan");
  if (entry === undefined) problems.add(reader.at, "`timespan` is missing");
  if (text === undefined || entry === undefined) return undefined;
  const timespan = parseTimespan(text);
  if (timespan === undefined)
    problems.add(entry.value.at, `\`${text}\` is no timespan; write a number and one of s, m, h, d`);
  return timespan;
}

function readAliases(reader: MapReader, problems: Problems): readonly Alias[] {
  const entry = reader.entry("aliases");
  if (entry === undefined) return [];
  if (entry.value.kind !== "map") {
    problems.add(entry.value.at, "`aliases` must be a map");
    return [];
  }
  return entry.value.entries.map((alias) => {
    if (alias.value.kind !== "map") {
      problems.add(alias.value.at, `the alias \`${alias.key}\` must map rules to fields`);
      return { name: alias.key, fields: [] };
    }
    const fields = alias.value.entries.flatMap(({ key, keyAt, value }) => {
      if (value.kind === "scalar" && value.value !== null)
        return { rule: { to: key, at: keyAt }, field: scalarText(value) };
      problems.add(value.at, `the alias \`${alias.key}\` must name one field of \`${key}\``);
      return [];
    });
    return { name: alias.key, fields };
  });
}

function readCondition(
  reader: MapReader,
  type: CorrelationType,
  rules: number,
  problems: Problems,
): CorrelationCondition | undefined {
  const entry = reader.entry("condition");
  const temporal = type === "temporal" || type === "temporal_ordered";
  if (entry === undefined) {
    if (temporal) return { kind: "count", count: allOf(rules) };
    problems.add(reader.at, "`condition` is missing");
    return undefined;
  }
  if (entry.value.kind === "map") return readLimits(entry.value, type, problems);
  if (!temporal) {
    problems.add(entry.value.at, `the condition of \`${type}\` must be a map such as \`gte: 10\``);
    return undefined;
  }
  const condition = conditionOf(entry.value, problems);
  return condition === undefined ? undefined : { kind: "presence", condition };
}

const allOf = (rules: number): CountCondition => ({
  limits: [{ op: "gte", value: rules }],
  fields: [],
  percentile: undefined,
});

function readLimits(
  map: YamlMap,
  type: CorrelationType,
  problems: Problems,
): CorrelationCondition | undefined {
  const before = problems.list.length;
  const reader = new MapReader(map, problems);
  const limits = COMPARISONS.flatMap((op) => {
    const value = readNumber(reader, op, problems);
    return value === undefined ? [] : { op, value };
  });
  const fields = reader.strings("field");
  const percentile = readNumber(reader, "percentile", problems);
  for (const entry of reader.rest())
    problems.add(entry.keyAt, `\`${entry.key}\` is no condition of a correlation`);
  if (problems.list.length > before) return undefined;
  const valued = type.startsWith("value_");
  if (limits.length === 0) problems.add(map.at, "the condition compares with nothing; write `gte: 10`, say");
  if (valued && fields.length === 0) problems.add(map.at, `\`${type}\` needs a \`field\``);
  if (type !== "value_count" && fields.length > 1) problems.add(map.at, `\`${type}\` takes one \`field\``);
  if (percentile !== undefined && type !== "value_percentile")
    problems.add(map.at, `\`${type}\` has no \`percentile\``);
  if (percentile !== undefined && !(percentile >= 0 && percentile <= 100))
    problems.add(map.at, "`percentile` must lie between 0 and 100");
  if (type.endsWith("_count") && limits.some((limit) => limit.value > MAX_COUNT))
    problems.add(map.at, `a count may not ask for more than ${MAX_COUNT} events`);
  if (problems.list.length > before) return undefined;
  return { kind: "count", count: { limits, fields, percentile } };
}

function readNumber(reader: MapReader, key: string, problems: Problems): number | undefined {
  const entry = reader.entry(key);
  if (entry === undefined) return undefined;
  const value = entry.value.kind === "scalar" ? entry.value.value : undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  problems.add(entry.value.at, `\`${key}\` must be a number`);
  return undefined;
}

/** The rules a condition names, each once, in the order they first stand there. */
function namesIn(condition: Condition): Reference[] {
  const all = references(condition);
  return all.filter((one, index) => all.findIndex((other) => other.to === one.to) === index);
}

function references(condition: Condition): Reference[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.of.flatMap(references);
    case "not":
      return references(condition.of);
    case "name":
      return [{ to: condition.name, at: condition.at }];
    case "some":
    case "every":
      return [];
  }
}
