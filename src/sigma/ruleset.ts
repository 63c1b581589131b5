import type { RuleEvent } from "../core/ruleEvent.js";
import { type CompiledCorrelations, compileCorrelations } from "./compileCorrelation.js";
import { compileDetection } from "./compileDetection.js";
import { Correlator } from "./correlate.js";
import { evaluate, explain, type MatchedValue } from "./evaluate.js";
import { EventView } from "./eventView.js";
import type { Expr } from "./expr.js";
import { type CompiledFilter, filtered, meaningOf } from "./filter.js";
import { covers, type Source, SourceNames } from "./logsource.js";
import type { CorrelationRule, DetectionRule, FilterRule, SigmaDocument } from "./model.js";
import type { Placeholders } from "./placeholder.js";
import { Prefilter } from "./prefilter.js";
import { Problems, type RuleProblem } from "./problem.js";
import { RegexCompiler } from "./regex.js";
import { type Branch, branchesOf, type Requirement, SignCounts } from "./requirement.js";

export interface RuleMatch {
  readonly rule: DetectionRule;
  /** On what the rule matched; empty when it only says what must not be there. */
  readonly matched: readonly MatchedValue[];
  /** False for a rule that is only a part of correlations, none of which has `generate: true`. */
  readonly standalone: boolean;
}

export interface CompileOptions {
  /** What `%name%` stands for in values with `expand`. Rules with other placeholders are refused. */
  readonly placeholders?: Placeholders;
  /** Matches every rule against every event, whatever its log source. */
  readonly ignoreLogsource?: boolean;
  /** Documents that compiled before without a problem: their expressions wait until they are needed. */
  readonly checked?: ReadonlySet<SigmaDocument>;
}

export interface Compiled {
  readonly ruleset: RuleSet;
  readonly problems: readonly RuleProblem[];
}

interface Program {
  readonly rule: DetectionRule;
  readonly logic: Expr;
}

/**
 * Compiles the documents of any number of files into what can be matched. A document that can't be compiled is
 * refused, with all its problems; the others are kept. Pure; never throws.
 */
export function compileRules(documents: readonly SigmaDocument[], options: CompileOptions = {}): Compiled {
  const problems: RuleProblem[] = [];
  const rules: Program[] = [];
  const filters: CompiledFilter[] = [];
  const correlations: CorrelationRule[] = [];
  const firstOf = new Map<string, SigmaDocument>();
  const placeholders = options.placeholders ?? {};
  const regexes = new RegexCompiler();
  for (const document of documents) {
    const found = new Problems(document.file, document.id);
    refuseTwins(document, firstOf, found);
    if (document.kind === "correlation") {
      if (found.list.length === 0) correlations.push(document);
    } else {
      const lazy = options.checked?.has(document) ?? false;
      const logic = compileDetection(document.detection, { placeholders, regexes, lazy }, found);
      if (document.kind === "filter") addFilter(document, logic, filters, found);
      else if (logic !== undefined && found.list.length === 0) rules.push({ rule: document, logic });
    }
    for (const problem of found.inOrder) problems.push(problem);
  }
  const programs = rules.map(({ rule, logic }) => ({ rule, logic: filtered(rule, logic, filters) }));
  const resolved = compileCorrelations(
    programs.map(({ rule }) => rule),
    correlations,
  );
  const ruleset = new RuleSet(programs, resolved, options.ignoreLogsource ?? false);
  return { ruleset, problems: [...problems, ...resolved.problems] };
}

/** An id stands for one document; without ids, nothing can be said. */
function refuseTwins(document: SigmaDocument, firstOf: Map<string, SigmaDocument>, problems: Problems): void {
  if (document.id === document.title || document.id === document.name) return;
  const first = firstOf.get(document.id);
  if (first === undefined) firstOf.set(document.id, document);
  else
    problems.add(
      document.at,
      `the id \`${document.id}\` is already that of \`${first.title}\` in ${first.file}`,
    );
}

function addFilter(
  filter: FilterRule,
  logic: Expr | undefined,
  filters: CompiledFilter[],
  problems: Problems,
): void {
  if (logic === undefined) return;
  const keep = meaningOf(filter.detection.conditions, logic, filter, problems);
  if (keep !== undefined && problems.list.length === 0) filters.push({ filter, keep });
}

/** Log sources whose rules are kept ready; a log with more of them than this is none. */
const MAX_SOURCES = 256;

/** Compiled rules. The same event always gives the same matches; what needs memory is the correlator's. */
export class RuleSet {
  readonly #programs: readonly Program[];
  /** The alternatives of all rules, those of one rule beside each other. */
  readonly #branches: readonly (Branch & { readonly place: number })[];
  readonly #correlations: CompiledCorrelations;
  readonly #ignoreLogsource: boolean;
  readonly #sources: SourceNames;
  readonly #prefilters = new Map<string, Prefilter>();
  #last: { readonly source: Source; readonly prefilter: Prefilter } | undefined;
  /** The rules by the places they were given in. */
  readonly rules: readonly DetectionRule[];
  readonly correlations: readonly CorrelationRule[];

  constructor(programs: readonly Program[], correlations: CompiledCorrelations, ignoreLogsource: boolean) {
    this.#programs = programs;
    this.#correlations = correlations;
    this.#ignoreLogsource = ignoreLogsource;
    const counts = new SignCounts(programs.map(({ logic }) => logic));
    this.#branches = programs.flatMap(({ logic }, place) =>
      branchesOf(logic, counts).map((branch) => ({ ...branch, place })),
    );
    this.rules = programs.map(({ rule }) => rule);
    this.#sources = new SourceNames(this.rules.map(({ logsource }) => logsource));
    this.correlations = correlations.correlations.map(({ rule }) => rule);
  }

  /** All single-event rules that match, in the order they were given. */
  match(event: RuleEvent): readonly RuleMatch[] {
    const view = new EventView(event);
    const matches: RuleMatch[] = [];
    let matched = -1;
    for (const index of this.#prefilterFor(event).candidates(view)) {
      const branch = this.#branches[index];
      if (branch === undefined || branch.place === matched || !evaluate(branch.logic, view)) continue;
      matched = branch.place;
      const program = this.#programs[matched];
      if (program === undefined) continue;
      const { rule, logic } = program;
      matches.push({ rule, matched: explain(logic, view), standalone: !this.#correlations.parts.has(rule) });
    }
    return matches;
  }

  /** A fresh memory for the correlation rules: one for each session. */
  correlator(): Correlator {
    return new Correlator(this.#correlations);
  }

  /** Rules are sorted by log source once, at its first event. */
  #prefilterFor(event: RuleEvent): Prefilter {
    const last = this.#last;
    if (last !== undefined && isSame(last.source, event)) return last.prefilter;
    const key = this.#ignoreLogsource ? "" : this.#sources.keyOf(event);
    const prefilter = this.#prefilters.get(key) ?? this.#newPrefilter(event);
    if (this.#prefilters.size >= MAX_SOURCES) this.#prefilters.clear();
    this.#prefilters.set(key, prefilter);
    const { product, category, service } = event;
    this.#last = { source: { product, category, service }, prefilter };
    return prefilter;
  }

  #newPrefilter(event: RuleEvent): Prefilter {
    const meant = new Map<number, Requirement>();
    for (const [index, { place, requires }] of this.#branches.entries()) {
      const logsource = this.rules[place]?.logsource;
      if (this.#ignoreLogsource || (logsource !== undefined && covers(logsource, event)))
        meant.set(index, requires);
    }
    return new Prefilter(meant, this.#branches.length);
  }
}

const isSame = (a: Source, b: Source): boolean =>
  a.category === b.category && a.product === b.product && a.service === b.service;
