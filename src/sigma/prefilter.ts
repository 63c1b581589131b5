import type { EventView, FieldTexts } from "./eventView.js";
import { type Candidates, GramTable } from "./gramTable.js";
import type { Requirement } from "./requirement.js";

/** Texts, and the places of the rules that ask for them. */
type Wanted = Map<string, number[]>;

/** What rules ask of one field. */
interface FieldPlan {
  readonly present: readonly number[];
  readonly whole: ReadonlyMap<string, readonly number[]> | undefined;
  /** The length of the longest whole text: longer values need not be looked up. */
  readonly longest: number;
  readonly within: GramTable | undefined;
  /** Whether `within` also holds what may stand in any field. */
  readonly complete: boolean;
  /** The long text that was searched last, and what was found: the events of one command have most texts in common. */
  readonly last: { text: string; rules: readonly number[] };
}

/** Shorter texts are searched as fast as they are compared. */
const LONG = 200;

/** How many texts may be kept a second time, so that a field need only be searched once. */
const MAX_REPEATED = 50_000;

/** Finds the few rules that could match an event, in one pass over its texts. */
export class Prefilter {
  readonly #always: readonly number[];
  readonly #fields: ReadonlyMap<string, FieldPlan>;
  readonly #anywhere: GramTable | undefined;
  readonly #found: CandidateList;

  /** Takes what each rule requires, under the rule's place; every place is below `places`. */
  constructor(requirements: ReadonlyMap<number, Requirement>, places: number) {
    const always: number[] = [];
    const present = new Map<string, Wanted>();
    const whole = new Map<string, Wanted>();
    const within = new Map<string, Wanted>();
    const anywhere: Wanted = new Map();
    for (const [rule, required] of requirements) {
      if (required === undefined) always.push(rule);
      for (const sign of required ?? []) {
        if (sign.kind === "present") want(wantedOf(present, sign.field), "", rule);
        else if (sign.kind === "whole") want(wantedOf(whole, sign.field), sign.text, rule);
        else want(sign.field === undefined ? anywhere : wantedOf(within, sign.field), sign.text, rule);
      }
    }
    this.#always = always;
    this.#anywhere = tableOf(anywhere);
    this.#found = new CandidateList(places);
    const names = new Set([...present.keys(), ...whole.keys(), ...within.keys()]);
    const complete = names.size * anywhere.size <= MAX_REPEATED;
    this.#fields = new Map(
      Array.from(names, (name) => {
        const wanted = within.get(name);
        const plan = {
          present: present.get(name)?.get("") ?? [],
          whole: whole.get(name),
          longest: longestOf(whole.get(name)?.keys() ?? []),
          within: tableOf(complete ? union(wanted, anywhere) : wanted),
          complete,
          last: { text: "", rules: [] },
        };
        return [name, plan];
      }),
    );
  }

  /** The places of the rules that could match, in ascending order; valid until the next call. */
  candidates(view: EventView): readonly number[] {
    const found = this.#found;
    found.clear();
    found.add(this.#always);
    const { names } = view;
    for (let place = 0; place < names.length; place++) {
      const plan = this.#fields.get(names[place] ?? "");
      if (plan === undefined && this.#anywhere === undefined) continue;
      const texts = view.at(place);
      if (texts === undefined) continue;
      if (plan !== undefined) search(plan, texts, found);
      if (this.#anywhere !== undefined && plan?.complete !== true)
        for (const text of texts.folded) this.#anywhere.scan(text, found);
    }
    return found.sorted();
  }
}

function search(plan: FieldPlan, texts: FieldTexts, found: CandidateList): void {
  found.add(plan.present);
  if (plan.whole === undefined && plan.within === undefined) return;
  for (const text of texts.folded) {
    const rules = text.length <= plan.longest ? plan.whole?.get(text) : undefined;
    if (rules !== undefined) found.add(rules);
    if (plan.within === undefined) continue;
    if (text.length < LONG) plan.within.scan(text, found);
    else found.add(rulesIn(plan.within, text, plan.last));
  }
}

/** The rules whose texts stand in a long text. */
function rulesIn(table: GramTable, text: string, last: FieldPlan["last"]): readonly number[] {
  if (text === last.text) return last.rules;
  const collected = new CollectedRules();
  table.scan(text, collected);
  last.text = text;
  last.rules = [...collected.rules];
  return last.rules;
}

function longestOf(texts: Iterable<string>): number {
  let longest = -1;
  for (const text of texts) longest = Math.max(longest, text.length);
  return longest;
}

function wantedOf(fields: Map<string, Wanted>, field: string): Wanted {
  const known = fields.get(field);
  if (known !== undefined) return known;
  const wanted: Wanted = new Map();
  fields.set(field, wanted);
  return wanted;
}

function want(wanted: Wanted, text: string, rule: number): void {
  const rules = wanted.get(text);
  if (rules === undefined) wanted.set(text, [rule]);
  else if (rules.at(-1) !== rule) rules.push(rule);
}

function union(a: Wanted | undefined, b: Wanted): Wanted {
  if (a === undefined || b.size === 0) return a ?? b;
  const both = new Map(a);
  for (const [text, rules] of b) both.set(text, [...(a.get(text) ?? []), ...rules]);
  return both;
}

const tableOf = (wanted: Wanted | undefined): GramTable | undefined =>
  wanted === undefined || wanted.size === 0 ? undefined : new GramTable(wanted);

/** What one scan finds. */
class CollectedRules implements Candidates {
  static #scans = 0;
  // Below zero, so that it is never the generation of an event.
  readonly generation = --CollectedRules.#scans;
  readonly rules = new Set<number>();

  add(rules: readonly number[]): void {
    for (const rule of rules) this.rules.add(rule);
  }
}

/** Rules found so far, each once. */
class CandidateList implements Candidates {
  readonly #marks: Uint32Array;
  readonly #rules: number[] = [];
  generation = 0;

  constructor(size: number) {
    this.#marks = new Uint32Array(size);
  }

  clear(): void {
    this.#rules.length = 0;
    if (++this.generation < 0xffffffff) return;
    this.#marks.fill(0);
    this.generation = 1;
  }

  add(rules: readonly number[]): void {
    for (const rule of rules) {
      if (this.#marks[rule] === this.generation) continue;
      this.#marks[rule] = this.generation;
      this.#rules.push(rule);
    }
  }

  sorted(): readonly number[] {
    return this.#rules.length < 2 ? this.#rules : this.#rules.sort((a, b) => a - b);
  }
}
