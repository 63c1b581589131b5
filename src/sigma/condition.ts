import type { Place } from "./problem.js";

/** A condition over search identifiers, as written. `and` binds tighter than `or`, `not` tighter than both. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "name"; readonly name: string; readonly at: Place }
  /** `1 of pattern`, `all of pattern`; the pattern is `them` or has `*` for any characters. */
  | {
      readonly kind: "some" | "every";
      readonly pattern: string;
      readonly at: Place;
    };

/** A condition that does not follow the grammar; `offset` counts characters from its start. */
export class ConditionError extends Error {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.name = "ConditionError";
    this.offset = offset;
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

const MAX_DEPTH = 100;
const RESERVED = new Set(["and", "or", "not", "of", "(", ")"]);

/**
 * Parses a condition. `placeOf` turns an offset in the text into a place in the file.
 * Throws ConditionError at the first thing that does not fit.
 */
export function parseCondition(text: string, placeOf: (offset: number) => Place): Condition {
  const pipe = text.indexOf("|");
  if (pipe >= 0)
    throw new ConditionError("aggregations after `|` are gone from Sigma; write a correlation rule", pipe);
  const parser = new ConditionParser(tokens(text), text.length, placeOf);
  return parser.whole();
}

function tokens(text: string): Token[] {
  return Array.from(text.matchAll(/[()]|[^\s()]+/g), (match) => ({ text: match[0], offset: match.index }));
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  readonly #placeOf: (offset: number) => Place;
  #next = 0;
  #depth = 0;

  constructor(list: readonly Token[], end: number, placeOf: (offset: number) => Place) {
    this.#tokens = list;
    this.#end = end;
    this.#placeOf = placeOf;
  }

  whole(): Condition {
    if (this.#tokens.length === 0) throw new ConditionError("the condition is empty", 0);
    const condition = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined)
      throw new ConditionError(`\`${rest.text}\` is unexpected; \`and\` or \`or\` is missing?`, rest.offset);
    return condition;
  }

  #or(): Condition {
    return this.#chain("or", () => this.#chain("and", () => this.#not()));
  }

  #chain(word: "and" | "or", operand: () => Condition): Condition {
    const first = operand();
    if (this.#word() !== word) return first;
    const of = [first];
    while (this.#word() === word) {
      this.#next++;
      of.push(operand());
    }
    return { kind: word, of };
  }

  #not(): Condition {
    if (this.#word() !== "not") return this.#primary();
    return this.#deeper(() => {
      this.#next++;
      return { kind: "not", of: this.#not() };
    });
  }

  #primary(): Condition {
    const token = this.#take("a search identifier");
    if (token.text === "(") {
      return this.#deeper(() => {
        const inner = this.#or();
        const close = this.#take("`)`");
        if (close.text !== ")")
          throw new ConditionError(`\`)\` is expected instead of \`${close.text}\``, close.offset);
        return inner;
      });
    }
    const word = token.text.toLowerCase();
    if (RESERVED.has(word))
      throw new ConditionError(`a search identifier is expected instead of \`${token.text}\``, token.offset);
    if (this.#word() === "of") return this.#quantified(token);
    if (word === "them")
      throw new ConditionError("`them` stands only after `1 of` or `all of`", token.offset);
    if (token.text.includes("*"))
      throw new ConditionError(`\`${token.text}\` needs \`1 of\` or \`all of\` before it`, token.offset);
    return { kind: "name", name: token.text, at: this.#placeOf(token.offset) };
  }

  #quantified(quantifier: Token): Condition {
    const word = quantifier.text.toLowerCase();
    if (word !== "1" && word !== "any" && word !== "all")
      throw new ConditionError(
        `Sigma knows \`1 of\` and \`all of\`, not \`${quantifier.text} of\``,
        quantifier.offset,
      );
    this.#next++;
    const pattern = this.#take("a search identifier pattern or `them`");
    if (RESERVED.has(pattern.text.toLowerCase()))
      throw new ConditionError(
        `a search identifier pattern is expected instead of \`${pattern.text}\``,
        pattern.offset,
      );
    return {
      kind: word === "all" ? "every" : "some",
      pattern: pattern.text,
      at: this.#placeOf(pattern.offset),
    };
  }

  #deeper<T>(inside: () => T): T {
    if (++this.#depth > MAX_DEPTH)
      throw new ConditionError("the condition nests too deeply", this.#tokens[this.#next]?.offset ?? 0);
    const result = inside();
    this.#depth--;
    return result;
  }

  #word(): string | undefined {
    return this.#tokens[this.#next]?.text.toLowerCase();
  }

  #take(expected: string): Token {
    const token = this.#tokens[this.#next++];
    if (token === undefined)
      throw new ConditionError(`the condition ends where ${expected} is expected`, this.#end);
    return token;
  }
}

/** The names that a pattern stands for. Names with a leading `_` only count when the pattern has one too. */
export function namesMatching(pattern: string, names: Iterable<string>): string[] {
  const hidden = pattern.startsWith("_");
  const visible = Array.from(names).filter((name) => hidden || !name.startsWith("_"));
  if (pattern.toLowerCase() === "them") return visible;
  return visible.filter((name) => nameMatches(pattern.split("*"), name));
}

/** Whether the parts appear in order, the first at the start and the last at the end. */
function nameMatches(parts: readonly string[], name: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return name.length - last.length >= position && name.endsWith(last);
}
