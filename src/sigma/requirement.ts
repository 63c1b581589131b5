import { and, type Expr, type Test } from "./expr.js";
import { fold } from "./fold.js";

/**
 * Something cheap to notice in an event without which a rule can't match: a text within a field (undefined: any
 * field), a field's whole text, or merely the field itself.
 */
export type Sign =
  | { readonly kind: "within"; readonly field: string | undefined; readonly text: string }
  | { readonly kind: "whole"; readonly field: string; readonly text: string }
  | { readonly kind: "present"; readonly field: string };

/** One of these signs must be there; undefined when a rule may match without any. */
export type Requirement = readonly Sign[] | undefined;

/** How many rules ask for a sign: what many ask for, many events have. */
export class SignCounts {
  readonly #counts = new Map<string, number>();

  constructor(logics: Iterable<Expr>) {
    for (const logic of logics)
      for (const key of new Set(Array.from(signsIn(logic), keyOf)))
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** A rough guess at how often an event has the sign, only good for comparing. */
  cost(sign: Sign): number {
    if (sign.kind === "present") return 1;
    const rules = this.#counts.get(keyOf(sign)) ?? 0;
    if (sign.kind === "whole") return Math.min(1, 0.01 * rules);
    return Math.min(1, rules * 0.6 ** Math.min(sign.text.length, 16));
  }
}

const keyOf = (sign: Sign): string =>
  sign.kind === "present" ? `present\0${sign.field}` : `${sign.kind}\0${sign.field}\0${sign.text}`;

function* signsIn(expr: Expr): Generator<Sign> {
  if (expr.kind === "and" || expr.kind === "or") for (const one of expr.of) yield* signsIn(one);
  else if (expr.kind === "test") for (const option of options(expr.test, expr.field)) yield* option;
}

/** One way for a rule to match, and what must be seen in an event before it is worth trying. */
export interface Branch {
  readonly logic: Expr;
  readonly requires: Requirement;
}

/** A rule with more alternatives than this is tried as a whole. */
const MAX_BRANCHES = 64;

/**
 * Splits a rule's logic into alternatives, each with the requirement of its own that is rarest as far as the
 * counts let guess: when a sign is seen, only what it belongs to need be tried. Any branch true, rule true.
 */
export function branchesOf(logic: Expr, counts: SignCounts): readonly Branch[] {
  const parts = alternatives(logic, counts);
  const split = parts.length <= MAX_BRANCHES ? parts : [logic];
  return split.map((part) => ({ logic: part, requires: requirementOf(part, counts) }));
}

function alternatives(expr: Expr, counts: SignCounts): readonly Expr[] {
  if (expr.kind === "or") return expr.of.flatMap((one) => alternatives(one, counts));
  if (expr.kind !== "and") return [expr];
  const best = cheapestIndex(
    expr.of.map((one) => requirementOf(one, counts)),
    counts,
  );
  const chosen = expr.of[best];
  if (chosen === undefined) return [expr];
  // What is required was seen, so that part is likely true: the others decide sooner.
  const others = expr.of.filter((one) => one !== chosen).sort((a, b) => weight(a) - weight(b));
  const parts = alternatives(chosen, counts);
  if (parts.length > MAX_BRANCHES) return [and([...others, chosen])];
  return parts.map((part) => and([...others, part]));
}

/** About how much work a part is. */
function weight(expr: Expr): number {
  switch (expr.kind) {
    case "and":
    case "or":
      return expr.of.reduce((sum, one) => sum + weight(one), 0);
    case "not":
      return weight(expr.of);
    case "test":
      return expr.test.kind === "regex" ? 4 : expr.field === undefined ? 8 : 1;
  }
}

/** What logic requires. Negated parts require nothing. */
function requirementOf(expr: Expr, counts: SignCounts): Requirement {
  switch (expr.kind) {
    case "and":
      return cheapest(
        expr.of.map((one) => requirementOf(one, counts)),
        counts,
      );
    case "or": {
      const all: Sign[] = [];
      for (const one of expr.of) {
        const required = requirementOf(one, counts);
        if (required === undefined) return undefined;
        for (const sign of required) all.push(sign);
      }
      return all;
    }
    case "not":
      return undefined;
    case "test":
      return cheapest(options(expr.test, expr.field), counts);
  }
}

const cheapest = (requirements: readonly Requirement[], counts: SignCounts): Requirement =>
  requirements[cheapestIndex(requirements, counts)];

/** Where the requirement stands that is met most rarely, or -1 when nothing is required. */
function cheapestIndex(requirements: readonly Requirement[], counts: SignCounts): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, required] of requirements.entries()) {
    if (required === undefined) continue;
    const cost = required.reduce((sum, sign) => sum + counts.cost(sign), 0);
    if (cost >= least) continue;
    least = cost;
    best = index;
  }
  return best;
}

/** The beginning of a long text tells as much. */
const MAX_SIGN = 64;

/** The requirements of one test, any of which is true to it. */
function options(test: Test, field: string | undefined): readonly (readonly Sign[])[] {
  if (test.kind === "null" || (test.kind === "exists" && !test.expected)) return [];
  const present = field === undefined ? [] : [[{ kind: "present", field } as const]];
  if (test.kind === "oneOf" && field !== undefined)
    return [Array.from(test.texts, (text) => ({ kind: "whole", field, text: fold(text) }) as const)];
  const literals =
    test.kind === "pattern"
      ? test.pattern.literals.map((text) => [text])
      : test.kind === "regex"
        ? test.literals
        : [];
  const within = literals.map((texts) =>
    texts.map((text) => ({ kind: "within", field, text: text.slice(0, MAX_SIGN) }) as const),
  );
  return [...within, ...present];
}
