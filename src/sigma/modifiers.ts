import { parseNetwork } from "./cidr.js";
import { and, type Expr, type FieldrefPlace, not, or, type Test } from "./expr.js";
import type { SearchItem, SearchValue } from "./model.js";
import { expandPlaceholders, type Placeholders } from "./placeholder.js";
import type { Place, Problems } from "./problem.js";
import type { RegexCompiler, RegexFlags } from "./regex.js";
import { requiredLiterals } from "./regexLiterals.js";
import { stringTests } from "./stringValue.js";
import type { Comparison } from "./threshold.js";
import { TIME_PARTS, type TimePart } from "./timePart.js";

/** What all rules of a set share while they are compiled. */
export interface CompileContext {
  readonly placeholders: Placeholders;
  readonly regexes: RegexCompiler;
  /** Whether expressions may wait until they are needed: they are known to be right. */
  readonly lazy: boolean;
}

/** What a value is taken for; each kind allows its own modifiers beside it. */
type Kind = "string" | "regex" | "cidr" | "exists" | "fieldref" | "number" | "time";

const COMPARES: readonly string[] = ["lt", "lte", "gt", "gte"];
const AFFIXES = ["contains", "startswith", "endswith"];
const REGEX_FLAGS: Readonly<Record<string, keyof RegexFlags>> = {
  i: "ignoreCase",
  ignorecase: "ignoreCase",
  m: "multiLine",
  multiline: "multiLine",
  s: "dotAll",
  dotall: "dotAll",
};
const ENCODINGS = ["windash", "base64", "base64offset", "utf16", "utf16le", "utf16be", "wide"];

const ALLOWED: Readonly<Record<Kind, readonly string[]>> = {
  string: [...AFFIXES, ...ENCODINGS, "cased", "expand"],
  regex: ["re", ...Object.keys(REGEX_FLAGS), ...AFFIXES, "cased", "expand"],
  cidr: ["cidr", "expand"],
  exists: ["exists"],
  fieldref: ["fieldref", ...AFFIXES, "cased"],
  number: COMPARES,
  time: [...TIME_PARTS, ...COMPARES],
};
const KNOWN = new Set([...Object.values(ALLOWED).flat(), "all", "neq"]);

/** Turns one item of a search into logic over tests, or takes down why it can't be. */
export function compileItem(item: SearchItem, context: CompileContext, problems: Problems): Expr | undefined {
  const before = problems.list.length;
  const kind = kindOf(item.modifiers);
  checkModifiers(item, kind, problems);
  if (problems.list.length > before) return undefined;
  const compiler = new ItemCompiler(item, kind, context, problems);
  const values = item.values.map((value) => compiler.value(value));
  if (problems.list.length > before) return undefined;
  const linked = item.modifiers.includes("all") ? and(values) : merged(values);
  return item.modifiers.includes("neq") ? not(linked) : linked;
}

function kindOf(modifiers: readonly string[]): Kind {
  if (modifiers.includes("re")) return "regex";
  if (modifiers.some((name) => (TIME_PARTS as readonly string[]).includes(name))) return "time";
  if (modifiers.some((name) => COMPARES.includes(name))) return "number";
  for (const kind of ["cidr", "exists", "fieldref"] as const) if (modifiers.includes(kind)) return kind;
  return "string";
}

function checkModifiers(item: SearchItem, kind: Kind, problems: Problems): void {
  const { modifiers, at } = item;
  for (const name of modifiers) {
    if (!KNOWN.has(name)) problems.add(at, `Sigma has no modifier \`${name}\``);
    else if (name in REGEX_FLAGS && kind !== "regex")
      problems.add(at, `\`${name}\` stands only behind \`re\``);
    else if (name !== "all" && name !== "neq" && !ALLOWED[kind].includes(name))
      problems.add(at, `\`${name}\` does not go with \`${modifiers.find((one) => kindOf([one]) === kind)}\``);
  }
  if (modifiers.filter((name) => COMPARES.includes(name)).length > 1)
    problems.add(at, "only one of lt, lte, gt and gte can be asked for");
  if (modifiers.includes("all") && item.values.length < 2)
    problems.add(at, "`all` needs a list of values: one value has nothing to be joined with");
  if (item.field === undefined && kind !== "string" && kind !== "regex")
    problems.add(at, `\`${kind === "number" ? "a comparison" : kind}\` needs a field`);
  if (item.values.length > 1 && item.values.some((value) => value.value === null))
    problems.add(at, "`null` can't be part of a list of values");
}

/** Neighbouring sets of texts become one, so that a list of a thousand hashes is a single look-up. */
function merged(exprs: readonly Expr[]): Expr {
  const kept: Expr[] = [];
  const texts = new Set<string>();
  let set: (Expr & { kind: "test" }) | undefined;
  for (const expr of exprs.flatMap((one) => (one.kind === "or" ? one.of : [one]))) {
    if (expr.kind !== "test" || expr.test.kind !== "oneOf") kept.push(expr);
    else {
      set = expr;
      for (const text of expr.test.texts) texts.add(text);
    }
  }
  if (set?.test.kind === "oneOf") kept.push({ ...set, test: { ...set.test, texts } });
  return or(kept);
}

class ItemCompiler {
  readonly #item: SearchItem;
  readonly #kind: Kind;
  readonly #context: CompileContext;
  readonly #problems: Problems;

  constructor(item: SearchItem, kind: Kind, context: CompileContext, problems: Problems) {
    this.#item = item;
    this.#kind = kind;
    this.#context = context;
    this.#problems = problems;
  }

  /** The logic of one value: several tests where it stands for several. */
  value(value: SearchValue): Expr {
    const { field } = this.#item;
    return or(this.#tests(value).map((test): Expr => ({ kind: "test", field, test })));
  }

  #tests(value: SearchValue): readonly Test[] {
    switch (this.#kind) {
      case "exists":
        return this.#exists(value);
      case "number":
      case "time":
        return this.#compare(value);
      case "fieldref":
        return this.#fieldref(value);
      case "cidr":
        return this.#texts(value).flatMap((text) => this.#cidr(text, value.at));
      case "regex":
        return this.#texts(value).flatMap((text) => this.#regex(text, value.at));
      case "string":
        return this.#string(value);
    }
  }

  #string(value: SearchValue): readonly Test[] {
    if (value.value === null) {
      if (this.#item.field !== undefined && this.#has(ALLOWED.string).length === 0) return [{ kind: "null" }];
      return this.#refuse(value.at, "`null` takes no modifiers and needs a field");
    }
    const result = this.#texts(value).map((text) => stringTests(text, this.#item));
    const wrong = result.find((one) => typeof one === "string");
    if (wrong !== undefined) return this.#refuse(value.at, wrong);
    const tests = result.flatMap((one) => (typeof one === "string" ? [] : one));
    const plain = typeof value.value === "number" && this.#has(ALLOWED.string).length === 0;
    return plain && this.#item.field !== undefined ? numeric(tests, value.value) : tests;
  }

  /** The texts of a value: itself, or what its placeholders stand for. */
  #texts(value: SearchValue): readonly string[] {
    if (value.value === null) return this.#refuse(value.at, "`null` takes no modifiers");
    const text = typeof value.value === "string" ? value.value : value.source;
    if (!this.#item.modifiers.includes("expand")) return [text];
    const expanded = expandPlaceholders(text, this.#context.placeholders);
    return typeof expanded === "string" ? this.#refuse(value.at, expanded) : expanded;
  }

  #regex(text: string, at: Place): readonly Test[] {
    const set = this.#has(Object.keys(REGEX_FLAGS)).map((name) => REGEX_FLAGS[name]);
    const flags = {
      ignoreCase: set.includes("ignoreCase"),
      multiLine: set.includes("multiLine"),
      dotAll: set.includes("dotAll"),
    };
    const [start, end] = this.#anchors();
    const { regexes, lazy } = this.#context;
    const source = start || end ? `${start}(?:${text})${end}` : text;
    const regex = lazy ? regexes.later(source, flags) : regexes.compile(source, flags);
    if (typeof regex === "string") return this.#refuse(at, regex);
    return [{ kind: "regex", regex, literals: requiredLiterals(text) }];
  }

  /** An expression already searches anywhere; the other two affixes tie it to an end. */
  #anchors(): readonly [string, string] {
    const found = this.#has(AFFIXES);
    if (found.includes("contains") || found.length > 1) return ["", ""];
    return [found.includes("startswith") ? "\\A" : "", found.includes("endswith") ? "\\z" : ""];
  }

  #cidr(text: string, at: Place): readonly Test[] {
    const network = parseNetwork(text);
    if (network === undefined)
      return this.#refuse(at, `\`${text}\` is no network such as 10.0.0.0/8 or fe80::/10`);
    return [{ kind: "cidr", network }];
  }

  #exists({ value, at }: SearchValue): readonly Test[] {
    if (typeof value === "boolean") return [{ kind: "exists", expected: value }];
    return this.#refuse(at, "`exists` takes true or false");
  }

  #compare({ value, at }: SearchValue): readonly Test[] {
    const limit = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof limit !== "number" || !Number.isFinite(limit))
      return this.#refuse(at, "a number is needed here");
    const op = (this.#has(COMPARES)[0] ?? "eq") as Comparison;
    const part = this.#has(TIME_PARTS)[0] as TimePart | undefined;
    return [{ kind: "compare", op, limit, part }];
  }

  #fieldref({ value, at }: SearchValue): readonly Test[] {
    if (typeof value !== "string" || value === "")
      return this.#refuse(at, "`fieldref` takes the name of a field");
    const affixes = this.#has(AFFIXES);
    const where = affixes.length > 1 ? "anywhere" : FIELDREF_PLACES[affixes[0] ?? ""];
    return [
      { kind: "fieldref", field: value, where: where ?? "whole", cased: this.#has(["cased"]).length > 0 },
    ];
  }

  #has(names: readonly string[]): readonly string[] {
    return this.#item.modifiers.filter((name) => names.includes(name));
  }

  #refuse(at: Place, reason: string): readonly never[] {
    this.#problems.add(at, reason);
    return [];
  }
}

const FIELDREF_PLACES: Readonly<Record<string, FieldrefPlace>> = {
  contains: "anywhere",
  startswith: "start",
  endswith: "end",
};

/** A number is equal to its usual form as well as to the form written, so that 0x17 finds 23. */
function numeric(tests: readonly Test[], number: number): readonly Test[] {
  return tests.map((test) =>
    test.kind === "oneOf" ? { ...test, texts: new Set([...test.texts, String(number)]) } : test,
  );
}
