import { LEVELS } from "../core/flag.js";
import { MapReader } from "./mapReader.js";
import { type Metadata, type Reference, type SigmaDocument, STATUSES } from "./model.js";
import { parseCorrelation } from "./parseCorrelation.js";
import { parseDetection, parseLogsource } from "./parseDetection.js";
import { Problems, type RuleProblem } from "./problem.js";
import { plainValue, readYaml, type YamlMap } from "./yamlTree.js";

export interface ParsedRules {
  /** The documents without any problem. */
  readonly rules: readonly SigmaDocument[];
  readonly problems: readonly RuleProblem[];
}

/** Keys that Sigma defines but that nothing here needs beyond their presence. */
const IGNORED = ["related", "taxonomy", "license", "scope"];

/**
 * Reads the Sigma documents of one file: detection rules, correlation rules and filters, `---` between them.
 * Pure; never throws. A document with a problem is refused, the others of its file are kept.
 */
export function parseRules(text: string, file: string): ParsedRules {
  const rules: SigmaDocument[] = [];
  const problems: RuleProblem[] = [];
  for (const { root, problems: faults } of readYaml(text)) {
    const found = new Problems(file);
    for (const fault of faults) found.add(fault.at, fault.reason);
    if (root !== undefined && root.kind !== "map") found.add(root.at, "a Sigma document must be a map");
    const rule = root?.kind === "map" ? parseDocument(root, found) : undefined;
    if (rule !== undefined && found.list.length === 0) rules.push(rule);
    for (const problem of found.inOrder) problems.push(problem);
  }
  return { rules, problems };
}

function parseDocument(root: YamlMap, problems: Problems): SigmaDocument | undefined {
  const reader = new MapReader(root, problems);
  problems.ruleId = reader.text("id") ?? reader.text("name");
  const detection = reader.entry("detection");
  const correlation = reader.entry("correlation");
  const filter = reader.entry("filter");
  const kinds = [detection, correlation, filter].filter((entry) => entry !== undefined);
  if (kinds.length > 1) problems.add(root.at, "a document is one of detection, correlation and filter");
  if (correlation !== undefined) return correlationRule(reader, problems);
  if (filter !== undefined) return filterRule(reader, problems);
  if (detection === undefined) problems.add(root.at, "`detection` is missing");
  return detectionRule(reader, problems);
}

function detectionRule(reader: MapReader, problems: Problems): SigmaDocument | undefined {
  const logsource = reader.requiredMap("logsource");
  const map = reader.entry("detection") === undefined ? undefined : reader.requiredMap("detection");
  const source = logsource && parseLogsource(new MapReader(logsource, problems), problems);
  const detection = map && searchesOf(map, problems);
  const metadata = readMetadata(reader, problems);
  if (source === undefined || detection === undefined) return undefined;
  return { kind: "detection", ...metadata, logsource: source, detection };
}

function correlationRule(reader: MapReader, problems: Problems): SigmaDocument | undefined {
  const map = reader.requiredMap("correlation");
  const generate = reader.flag("generate") ?? false;
  const correlation = map && parseCorrelation(map, generate, problems);
  const metadata = readMetadata(reader, problems);
  return correlation && { kind: "correlation", ...metadata, correlation };
}

function filterRule(reader: MapReader, problems: Problems): SigmaDocument | undefined {
  const logsource = reader.requiredMap("logsource");
  const source = logsource && parseLogsource(new MapReader(logsource, problems), problems);
  const map = reader.requiredMap("filter");
  const rules = map && filteredRules(new MapReader(map, problems), problems);
  const detection = map && searchesOf(map, problems, "rules");
  const metadata = readMetadata(reader, problems);
  if (source === undefined || rules === undefined || detection === undefined) return undefined;
  return { kind: "filter", ...metadata, logsource: source, rules, detection };
}

/** A missing or empty list would silently mean all rules: `any` must be written. */
function filteredRules(reader: MapReader, problems: Problems): "any" | readonly Reference[] {
  const nodes = reader.texts("rules");
  const rules = nodes.map((node) => ({ to: String(node.value), at: node.at }));
  if (rules.length === 0) problems.add(reader.at, "`rules` must name the rules that are filtered, or `any`");
  return rules.length === 1 && rules[0]?.to.toLowerCase() === "any" ? "any" : rules;
}

function searchesOf(map: YamlMap, problems: Problems, ...other: string[]) {
  const condition = map.entries.find((entry) => entry.key === "condition");
  const searches = map.entries.filter((entry) => entry.key !== "condition" && !other.includes(entry.key));
  return parseDetection(searches, condition, map.at, problems);
}

function readMetadata(reader: MapReader, problems: Problems): Metadata {
  const title = reader.requiredText("title");
  if (title.length > 256) problems.add(reader.at, "`title` is longer than 256 characters");
  const name = reader.text("name");
  const known = {
    file: problems.file,
    at: reader.at,
    id: reader.text("id") ?? name ?? title,
    name,
    title,
    description: reader.text("description"),
    status: reader.oneOf("status", STATUSES),
    level: reader.oneOf("level", LEVELS),
    author: reader.text("author"),
    date: reader.text("date"),
    modified: reader.text("modified"),
    tags: reader.strings("tags"),
    references: reader.strings("references"),
    falsepositives: reader.strings("falsepositives"),
    fields: reader.strings("fields"),
  };
  for (const key of IGNORED) reader.entry(key);
  for (const key of ["logsource", "generate"]) reader.entry(key);
  const custom = Object.fromEntries(reader.rest().map((entry) => [entry.key, plainValue(entry.value)]));
  return { ...known, custom };
}
