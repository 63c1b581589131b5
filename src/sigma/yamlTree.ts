import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
} from "yaml";
import { messageOf } from "../core/errors.js";
import type { Place } from "./problem.js";
import { type DocumentText, splitDocuments } from "./yamlDocuments.js";

/** A YAML value that remembers where it stands. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: "map";
  readonly at: Place;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: "list";
  readonly at: Place;
  readonly items: readonly YamlNode[];
}

export interface YamlScalar {
  readonly kind: "scalar";
  readonly at: Place;
  readonly value: string | number | boolean | null;
  /** As written, so that `00000429` stays what the author meant. */
  readonly source: string;
  /** Where the text itself begins on the line, or undefined when it spans lines. */
  readonly textColumn: number | undefined;
}

export interface YamlProblem {
  readonly at: Place;
  readonly reason: string;
}

export interface YamlDocument {
  /** Undefined for an empty document, and for one with problems. */
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
}

/** Characters of a file. */
const MAX_FILE = 32 * 1024 * 1024;
const MAX_DOCUMENTS = 20_000;
/** Characters of one document, and its words and signs: each of these costs some hundred bytes while it is read. */
const MAX_DOCUMENT = 2 * 1024 * 1024;
const MAX_LEXEMES = 400_000;
const MAX_DEPTH = 64;
const MAX_FAULTS = 100;
/** Nodes that aliases may stand for in one document: plenty for people, nothing for a billion laughs. */
const MAX_ALIASED = 10_000;

const START: Place = { line: 1, column: 1 };

/**
 * Reads all documents of a YAML text (version 1.2, core schema) into trees with positions. Never throws:
 * whatever is wrong is a problem of its document. What is too large is refused unread.
 */
export function readYaml(text: string): readonly YamlDocument[] {
  if (text.length > MAX_FILE) return [refused(START, `the file is larger than ${MAX_FILE} characters`)];
  const documents: YamlDocument[] = [];
  for (const part of splitDocuments(text)) {
    if (documents.length >= MAX_DOCUMENTS) {
      documents.push(refused(START, `the file holds more than ${MAX_DOCUMENTS} documents`));
      break;
    }
    for (const document of readPart(part)) documents.push(document);
  }
  return documents;
}

/** Usually one document; more where `...` ends one. */
function readPart({ text, lines }: DocumentText): readonly YamlDocument[] {
  const start = { line: lines + 1, column: 1 };
  const counter = new LineCounter();
  try {
    const tokens = readTokens(text, counter);
    if (typeof tokens === "string") return [refused(start, tokens)];
    const composer = new Composer({ uniqueKeys: false, logLevel: "silent" });
    return Array.from(composer.compose(tokens), (document) =>
      new TreeReader(document, counter, lines).read(),
    );
  } catch (error) {
    return [refused(start, messageOf(error))];
  }
}

/**
 * The document's tokens, or why it is too much to be read. The depth must be known before anything is composed:
 * composing recurses, and where the stack runs out while an expression is compiled, the whole process dies.
 */
function readTokens(text: string, counter: LineCounter): readonly CST.Token[] | string {
  if (text.length > MAX_DOCUMENT) return `the document is larger than ${MAX_DOCUMENT} characters`;
  const parser = new Parser(counter.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  counter.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH * 2) return "the YAML nests too deeply";
    if (++lexemes > MAX_LEXEMES) return `the document has more than ${MAX_LEXEMES} words and signs`;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

const refused = (at: Place, reason: string): YamlDocument => ({
  root: undefined,
  problems: [{ at, reason }],
});

class TreeReader {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #linesBefore: number;
  readonly #problems: YamlProblem[] = [];
  /** The values anchored so far: an alias stands for the last one of its name. */
  readonly #anchors = new Map<string, unknown>();
  #aliased = 0;
  #inAlias = 0;
  #stopped = false;

  constructor(document: Document.Parsed, lines: LineCounter, linesBefore: number) {
    this.#document = document;
    this.#lines = lines;
    this.#linesBefore = linesBefore;
  }

  read(): YamlDocument {
    const faults = this.#document.errors.concat(this.#document.warnings).slice(0, MAX_FAULTS);
    for (const fault of faults)
      this.#problems.push({ at: this.#place(fault.pos[0]), reason: `YAML: ${firstLine(fault.message)}` });
    const { contents } = this.#document;
    const empty = contents === null || (isScalar(contents) && contents.value === null);
    const root = empty || this.#problems.length > 0 ? undefined : this.#node(contents, this.#place(0), 0);
    return { root: this.#problems.length > 0 ? undefined : root, problems: this.#problems };
  }

  #node(node: unknown, fallback: Place, depth: number): YamlNode | undefined {
    if (this.#stopped) return undefined;
    const at = isNode(node) && node.range ? this.#place(node.range[0]) : fallback;
    if (depth > MAX_DEPTH) return this.#stop(at, `nests deeper than ${MAX_DEPTH} levels`);
    if (this.#inAlias > 0 && ++this.#aliased > MAX_ALIASED)
      return this.#stop(at, `aliases stand for more than ${MAX_ALIASED} values`);
    if (isAlias(node)) return this.#alias(node.source, at, depth);
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node.items, at, depth);
    if (isSeq(node)) {
      const items = node.items.flatMap((item) => this.#node(item, at, depth + 1) ?? []);
      return { kind: "list", at, items };
    }
    if (isScalar(node)) return scalar(node.value, node.source, node.type, at);
    return { kind: "scalar", at, value: null, source: "", textColumn: undefined };
  }

  #alias(name: string, at: Place, depth: number): YamlNode | undefined {
    const target = this.#anchors.get(name);
    if (target === undefined) return this.#stop(at, `has nothing anchored as \`${name}\``);
    this.#inAlias++;
    const resolved = this.#node(target, at, depth + 1);
    this.#inAlias--;
    return resolved;
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], at: Place, depth: number): YamlMap {
    const seen = new Set<string>();
    const entries: YamlEntry[] = [];
    for (const { key, value } of pairs) {
      const keyNode = this.#node(key, at, depth + 1);
      if (keyNode === undefined) break;
      if (keyNode.kind !== "scalar") {
        this.#problems.push({ at: keyNode.at, reason: "a key must be plain text" });
        continue;
      }
      const name = typeof keyNode.value === "string" ? keyNode.value : keyNode.source;
      if (seen.has(name))
        this.#problems.push({ at: keyNode.at, reason: `the key \`${name}\` stands here twice` });
      seen.add(name);
      const valueNode = this.#node(value, keyNode.at, depth + 1);
      if (valueNode !== undefined) entries.push({ key: name, keyAt: keyNode.at, value: valueNode });
    }
    return { kind: "map", at, entries };
  }

  #stop(at: Place, reason: string): undefined {
    this.#stopped = true;
    this.#problems.push({ at, reason: `the YAML ${reason}` });
    return undefined;
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: this.#linesBefore + Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function scalar(value: unknown, source: string | undefined, type: string | undefined, at: Place): YamlScalar {
  const written = source ?? String(value ?? "");
  const oneLine = !written.includes("\n");
  const quoted = type === "QUOTE_SINGLE" || type === "QUOTE_DOUBLE" ? 1 : 0;
  const textColumn = oneLine && (type === "PLAIN" || quoted === 1) ? at.column + quoted : undefined;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return { kind: "scalar", at, value, source: written, textColumn };
  return { kind: "scalar", at, value: written, source: written, textColumn };
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;

/** The plain JavaScript value of a tree, for keys that Sigma does not know. Prototype-safe. */
export function plainValue(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.value)]));
}
