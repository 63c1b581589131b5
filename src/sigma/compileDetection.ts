import { type Condition, namesMatching } from "./condition.js";
import { and, type Expr, not, or } from "./expr.js";
import type { Detection, Search } from "./model.js";
import { type CompileContext, compileItem } from "./modifiers.js";
import type { Place, Problems } from "./problem.js";

/** How many tests a rule may come to, each counted as often as a condition leads to it. */
const MAX_TESTS = 250_000;

/** Turns searches and conditions into one piece of logic; undefined, with problems, where that can't be. */
export function compileDetection(
  detection: Detection,
  context: CompileContext,
  problems: Problems,
): Expr | undefined {
  const before = problems.list.length;
  const searches = new Map<string, Expr>();
  for (const [name, search] of detection.searches)
    searches.set(name, compileSearch(search, context, problems));
  const compiler = new ConditionCompiler(searches, problems);
  const conditions = detection.conditions.map((condition) => compiler.compile(condition));
  return problems.list.length > before ? undefined : or(conditions);
}

/** Stands where a problem was found; the rule is refused anyway. */
const NEVER: Expr = { kind: "or", of: [] };

function compileSearch(search: Search, context: CompileContext, problems: Problems): Expr {
  if (search.kind === "item") return compileItem(search.item, context, problems) ?? NEVER;
  const of = search.of.map((one) => compileSearch(one, context, problems));
  return search.kind === "all" ? and(of) : or(of);
}

class ConditionCompiler {
  readonly #searches: ReadonlyMap<string, Expr>;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #problems: Problems;
  #tests = 0;

  constructor(searches: ReadonlyMap<string, Expr>, problems: Problems) {
    this.#searches = searches;
    this.#sizes = new Map(Array.from(searches, ([name, search]) => [name, sizeOf(search)]));
    this.#problems = problems;
  }

  compile(condition: Condition): Expr {
    switch (condition.kind) {
      case "and":
        return and(condition.of.map((one) => this.compile(one)));
      case "or":
        return or(condition.of.map((one) => this.compile(one)));
      case "not":
        return not(this.compile(condition.of));
      case "name":
        return this.#search(condition.name, condition.at);
      case "some":
      case "every": {
        if (this.#tests > MAX_TESTS) return NEVER;
        const names = namesMatching(condition.pattern, this.#searches.keys());
        if (names.length === 0)
          this.#problems.add(condition.at, `no search identifier is called \`${condition.pattern}\``);
        const of = names.map((name) => this.#search(name, condition.at));
        return condition.kind === "some" ? or(of) : and(of);
      }
    }
  }

  #search(name: string, at: Place): Expr {
    const search = this.#searches.get(name);
    if (search === undefined) this.#problems.add(at, `there is no search identifier \`${name}\``);
    const tests = this.#tests;
    this.#tests += this.#sizes.get(name) ?? 0;
    if (tests <= MAX_TESTS && this.#tests > MAX_TESTS)
      this.#problems.add(at, `the condition leads to more than ${MAX_TESTS} tests`);
    return search ?? NEVER;
  }
}

function sizeOf(expr: Expr): number {
  if (expr.kind === "test") return 1;
  if (expr.kind === "not") return sizeOf(expr.of);
  return expr.of.reduce((sum, one) => sum + sizeOf(one), 1);
}
