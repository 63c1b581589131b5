import { type Condition, namesMatching } from "./condition.js";
import { and, type Expr, not, or } from "./expr.js";
import type { Detection, Search } from "./model.js";
import { compileItem } from "./modifiers.js";
import type { Placeholders } from "./placeholder.js";
import type { Problems } from "./problem.js";

/** Turns searches and conditions into one piece of logic; undefined, with problems, where that can't be. */
export function compileDetection(
  detection: Detection,
  placeholders: Placeholders,
  problems: Problems,
): Expr | undefined {
  const before = problems.list.length;
  const searches = new Map<string, Expr>();
  for (const [name, search] of detection.searches)
    searches.set(name, compileSearch(search, placeholders, problems));
  const conditions = detection.conditions.map((condition) => compileCondition(condition, searches, problems));
  return problems.list.length > before ? undefined : or(conditions);
}

/** Stands where a problem was found; the rule is refused anyway. */
const NEVER: Expr = { kind: "or", of: [] };

function compileSearch(search: Search, placeholders: Placeholders, problems: Problems): Expr {
  if (search.kind === "item") return compileItem(search.item, placeholders, problems) ?? NEVER;
  const of = search.of.map((one) => compileSearch(one, placeholders, problems));
  return search.kind === "all" ? and(of) : or(of);
}

function compileCondition(
  condition: Condition,
  searches: ReadonlyMap<string, Expr>,
  problems: Problems,
): Expr {
  switch (condition.kind) {
    case "and":
    case "or": {
      const of = condition.of.map((one) => compileCondition(one, searches, problems));
      return condition.kind === "and" ? and(of) : or(of);
    }
    case "not":
      return not(compileCondition(condition.of, searches, problems));
    case "name": {
      const search = searches.get(condition.name);
      if (search === undefined)
        problems.add(condition.at, `there is no search identifier \`${condition.name}\``);
      return search ?? NEVER;
    }
    case "some":
    case "every": {
      const names = namesMatching(condition.pattern, searches.keys());
      if (names.length === 0)
        problems.add(condition.at, `no search identifier is called \`${condition.pattern}\``);
      const of = names.map((name) => searches.get(name) ?? NEVER);
      return condition.kind === "some" ? or(of) : and(of);
    }
  }
}
