import type { Condition } from "./condition.js";
import type { CorrelationRule, DetectionRule, Reference } from "./model.js";
import { Problems, type RuleProblem } from "./problem.js";

export type Referable = DetectionRule | CorrelationRule;

/** A correlation rule with its references resolved. */
export interface CompiledCorrelation {
  readonly rule: CorrelationRule;
  /** The rules it refers to, in the order they stand. */
  readonly inputs: readonly Referable[];
  /** For each `group-by` name, the field to read from the events of each input. */
  readonly groupFields: readonly (readonly string[])[];
  /** The place among the inputs of each name that a presence condition uses. */
  readonly inputOf: ReadonlyMap<string, number>;
}

export interface CompiledCorrelations {
  /** Inner correlations before the ones that refer to them. */
  readonly correlations: readonly CompiledCorrelation[];
  /** Rules that are only parts of correlations: none of those asks for them to be reported by themselves. */
  readonly parts: ReadonlySet<Referable>;
  readonly problems: readonly RuleProblem[];
}

/** Resolves correlations against the rules that compiled. One whose reference leads nowhere is refused. */
export function compileCorrelations(
  rules: readonly DetectionRule[],
  correlations: readonly CorrelationRule[],
): CompiledCorrelations {
  const compiled: CompiledCorrelation[] = [];
  const problems: RuleProblem[] = [];
  const directory = new Directory(rules);
  let waiting = correlations;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ correlation }) =>
      correlation.rules.every(({ to }) => !waiting.some((other) => other.id === to || other.name === to)),
    );
    // What is left then refers to itself in a circle.
    for (const rule of ready.length > 0 ? ready : waiting) {
      const found = new Problems(rule.file, rule.id);
      const result = resolve(rule, directory, found);
      if (result !== undefined) {
        compiled.push(result);
        directory.add(rule);
      }
      for (const problem of found.inOrder) problems.push(problem);
    }
    waiting = ready.length > 0 ? waiting.filter((rule) => !ready.includes(rule)) : [];
  }
  return { correlations: compiled, parts: partsOf(compiled), problems };
}

/** Rules by the names they can be referred to. */
class Directory {
  readonly #rules = new Map<string, Referable[]>();

  constructor(rules: readonly Referable[]) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: Referable): void {
    for (const key of new Set([rule.id, rule.name])) {
      if (key === undefined) continue;
      const known = this.#rules.get(key);
      if (known === undefined) this.#rules.set(key, [rule]);
      else known.push(rule);
    }
  }

  find({ to, at }: Reference, problems: Problems): Referable | undefined {
    const [rule, another] = this.#rules.get(to) ?? [];
    if (rule === undefined)
      problems.add(at, `there is no rule \`${to}\`, or it was refused, or it refers back here`);
    if (another !== undefined) problems.add(at, `several rules are called \`${to}\``);
    return rule;
  }
}

function resolve(
  rule: CorrelationRule,
  directory: Directory,
  problems: Problems,
): CompiledCorrelation | undefined {
  const { correlation } = rule;
  const inputs = correlation.rules.flatMap((reference) => directory.find(reference, problems) ?? []);
  if (problems.list.length > 0) return undefined;
  const inputOf = new Map<string, number>();
  for (const [index, reference] of correlation.rules.entries()) {
    const input = inputs[index];
    for (const key of [reference.to, input?.id, input?.name]) if (key !== undefined) inputOf.set(key, index);
  }
  for (const alias of correlation.aliases)
    for (const { rule: named } of alias.fields)
      if (!inputOf.has(named.to))
        problems.add(
          named.at,
          `the alias \`${alias.name}\` names \`${named.to}\`, which is none of the \`rules\``,
        );
  if (correlation.condition.kind === "presence")
    checkPresence(correlation.condition.condition, correlation.rules, inputOf, problems);
  if (problems.list.length > 0) return undefined;
  const groupFields = correlation.groupBy.map((name) => {
    const alias = correlation.aliases.find((one) => one.name === name);
    return inputs.map(
      (_, index) => alias?.fields.find(({ rule: named }) => inputOf.get(named.to) === index)?.field ?? name,
    );
  });
  return { rule, inputs, groupFields, inputOf };
}

function checkPresence(
  condition: Condition,
  rules: readonly Reference[],
  inputOf: ReadonlyMap<string, number>,
  problems: Problems,
): void {
  const used = new Set<number>();
  const visit = (node: Condition): void => {
    switch (node.kind) {
      case "and":
      case "or":
        for (const one of node.of) visit(one);
        return;
      case "not":
        visit(node.of);
        return;
      case "name": {
        const index = inputOf.get(node.name);
        if (index === undefined) problems.add(node.at, `\`${node.name}\` is none of the \`rules\``);
        else used.add(index);
        return;
      }
      case "some":
      case "every":
        problems.add(node.at, "a correlation's condition names each rule");
    }
  };
  visit(condition);
  for (const [index, { to, at }] of rules.entries())
    if (!used.has(index)) problems.add(at, `the condition does not say what is asked of \`${to}\``);
}

function partsOf(correlations: readonly CompiledCorrelation[]): ReadonlySet<Referable> {
  const parts = new Set(correlations.flatMap(({ inputs }) => inputs));
  for (const { rule, inputs } of correlations)
    if (rule.correlation.generate) for (const input of inputs) parts.delete(input);
  return parts;
}
