import { type Condition, ConditionError, parseCondition } from "./condition.js";
import type { MapReader } from "./mapReader.js";
import { scalarText } from "./mapReader.js";
import type { Detection, Logsource, Search, SearchItem, SearchValue } from "./model.js";
import type { Place, Problems } from "./problem.js";
import type { YamlEntry, YamlNode, YamlScalar } from "./yamlTree.js";

/** Reads `logsource`; one of category, product and service must be there. */
export function parseLogsource(reader: MapReader, problems: Problems): Logsource {
  const logsource = {
    category: reader.text("category"),
    product: reader.text("product"),
    service: reader.text("service"),
    definition: reader.text("definition"),
  };
  if (logsource.category === undefined && logsource.product === undefined && logsource.service === undefined)
    problems.add(reader.at, "`logsource` names no category, product or service");
  return logsource;
}

/** Reads the searches and the conditions over them. Every name that a condition uses must exist. */
export function parseDetection(
  entries: readonly YamlEntry[],
  condition: YamlEntry | undefined,
  at: Place,
  problems: Problems,
): Detection {
  const searches = new Map<string, Search>();
  for (const entry of entries) {
    const search = parseSearch(entry.value, entry.key, problems);
    if (search !== undefined) searches.set(entry.key, search);
  }
  if (entries.length === 0) problems.add(at, "there is no search identifier");
  if (condition === undefined) {
    problems.add(at, "`condition` is missing");
    return { searches, conditions: [] };
  }
  const nodes = condition.value.kind === "list" ? condition.value.items : [condition.value];
  if (nodes.length === 0) problems.add(condition.value.at, "the list of conditions is empty");
  const conditions = nodes.flatMap((node) => conditionOf(node, problems) ?? []);
  return { searches, conditions };
}

/** Parses a condition's text where it stands. */
export function conditionOf(node: YamlNode, problems: Problems): Condition | undefined {
  if (node.kind !== "scalar" || node.value === null) {
    problems.add(node.at, "a condition must be text");
    return undefined;
  }
  const text = scalarText(node);
  try {
    return parseCondition(text, (offset) => placeIn(node, offset));
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    problems.add(placeIn(node, error.offset), error.message);
    return undefined;
  }
}

const placeIn = (node: YamlScalar, offset: number): Place =>
  node.textColumn === undefined
    ? node.at
    : { line: node.at.line, column: node.textColumn + Math.min(offset, node.source.length) };

/** A map is all of its items, a list any of them; plain values in a list are keywords. */
function parseSearch(node: YamlNode, name: string, problems: Problems): Search | undefined {
  switch (node.kind) {
    case "map":
      if (node.entries.length === 0) {
        problems.add(node.at, `\`${name}\` is empty`);
        return undefined;
      }
      return { kind: "all", of: node.entries.flatMap((entry) => parseItem(entry, problems) ?? []) };
    case "list":
      if (node.items.length === 0) {
        problems.add(node.at, `\`${name}\` is empty`);
        return undefined;
      }
      return { kind: "any", of: node.items.flatMap((item) => listMember(item, name, problems) ?? []) };
    case "scalar":
      return keyword(node, name, problems);
  }
}

function listMember(node: YamlNode, name: string, problems: Problems): Search | undefined {
  if (node.kind !== "list") return parseSearch(node, name, problems);
  problems.add(node.at, `\`${name}\` is a list in a list`);
  return undefined;
}

function keyword(node: YamlScalar, name: string, problems: Problems): Search | undefined {
  if (node.value === null || node.value === "") {
    problems.add(node.at, `\`${name}\` has an empty keyword, which would match everything`);
    return undefined;
  }
  return {
    kind: "item",
    item: { field: undefined, modifiers: [], values: [searchValue(node)], at: node.at },
  };
}

function parseItem(entry: YamlEntry, problems: Problems): Search | undefined {
  const [field = "", ...modifiers] = entry.key.split("|");
  const nodes = entry.value.kind === "list" ? entry.value.items : [entry.value];
  if (nodes.length === 0) {
    problems.add(entry.value.at, `\`${entry.key}\` has an empty list of values`);
    return undefined;
  }
  const values: SearchValue[] = [];
  for (const node of nodes) {
    if (node.kind === "scalar") values.push(searchValue(node));
    else problems.add(node.at, `a value of \`${entry.key}\` must be text, a number, true, false or null`);
  }
  if (values.length !== nodes.length) return undefined;
  const item: SearchItem = { field: field === "" ? undefined : field, modifiers, values, at: entry.keyAt };
  return { kind: "item", item };
}

const searchValue = (node: YamlScalar): SearchValue => ({
  value: node.value,
  source: node.source,
  at: node.at,
});
