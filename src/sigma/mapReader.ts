import type { Place, Problems } from "./problem.js";
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from "./yamlTree.js";

/** Takes typed values out of a YAML map, and takes down what has the wrong type. */
export class MapReader {
  readonly #map: YamlMap;
  readonly #problems: Problems;
  readonly #taken = new Set<string>();

  constructor(map: YamlMap, problems: Problems) {
    this.#map = map;
    this.#problems = problems;
  }

  get at(): Place {
    return this.#map.at;
  }

  /** The entry of a key; it counts as known from now on. */
  entry(key: string): YamlEntry | undefined {
    this.#taken.add(key);
    return this.#map.entries.find((entry) => entry.key === key);
  }

  /** The entries whose keys were never asked for. */
  rest(): readonly YamlEntry[] {
    return this.#map.entries.filter((entry) => !this.#taken.has(entry.key));
  }

  /** A text, number or date as written; empty counts as absent. */
  text(key: string): string | undefined {
    const entry = this.entry(key);
    if (entry === undefined || isNull(entry.value)) return undefined;
    if (entry.value.kind === "scalar") return scalarText(entry.value);
    this.#problems.add(entry.value.at, `\`${key}\` must be text`);
    return undefined;
  }

  requiredText(key: string): string {
    const text = this.text(key);
    if (text !== undefined && text.trim() !== "") return text;
    const entry = this.entry(key);
    if (entry === undefined) this.#problems.add(this.at, `\`${key}\` is missing`);
    else if (entry.value.kind === "scalar") this.#problems.add(entry.value.at, `\`${key}\` is empty`);
    return "";
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = allowed.find((value) => value === text);
    if (text !== undefined && found === undefined)
      this.#problems.add(this.#valueAt(key), `\`${key}\` is \`${text}\`, not one of ${allowed.join(", ")}`);
    return found;
  }

  flag(key: string): boolean | undefined {
    const entry = this.entry(key);
    if (entry === undefined) return undefined;
    if (entry.value.kind === "scalar" && typeof entry.value.value === "boolean") return entry.value.value;
    this.#problems.add(entry.value.at, `\`${key}\` must be true or false`);
    return undefined;
  }

  /** A list of texts; a single text counts as a list of one. */
  texts(key: string): readonly YamlScalar[] {
    const entry = this.entry(key);
    if (entry === undefined || isNull(entry.value)) return [];
    const nodes = entry.value.kind === "list" ? entry.value.items : [entry.value];
    return nodes.flatMap((node) => {
      if (node.kind === "scalar" && node.value !== null) return node;
      this.#problems.add(node.at, `\`${key}\` must be a list of texts`);
      return [];
    });
  }

  strings(key: string): readonly string[] {
    return this.texts(key).map(scalarText);
  }

  /** The map under a key; its absence is a problem. */
  requiredMap(key: string): YamlMap | undefined {
    const entry = this.entry(key);
    if (entry === undefined) this.#problems.add(this.at, `\`${key}\` is missing`);
    else if (entry.value.kind === "map") return entry.value;
    else this.#problems.add(entry.value.at, `\`${key}\` must be a map`);
    return undefined;
  }

  #valueAt(key: string): Place {
    return this.entry(key)?.value.at ?? this.at;
  }
}

/** What a scalar says, numbers as they are written. */
export const scalarText = (node: YamlScalar): string =>
  typeof node.value === "string" ? node.value : node.source;

const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;
