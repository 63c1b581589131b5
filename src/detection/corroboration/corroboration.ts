import { type Evidence, type Flag, isSurer } from "../../core/flag.js";
import type { RuleEvent } from "../../core/ruleEvent.js";
import type { SessionId } from "../../core/units.js";
import type { DetectionRule } from "../../sigma/model.js";
import { evidenceOf, flagId } from "../evidence.js";
import { type Finding, type Hit, Judge } from "../judge.js";
import { type RulePack, summaryOf } from "../rulePack.js";
import { type Act, leastOf } from "./act.js";
import { ActBook, type Recognised } from "./actBook.js";
import type { Sighting } from "./sighting.js";

/** A flag shows at most so many pieces of evidence. */
const MOST_EVIDENCE = 8;
const NOTHING: readonly Flag[] = [];

/**
 * Judges events by rules, and makes one flag of all that is known of one act: more evidence and a better confidence when
 * word of it comes in another way. Chains are counted in acts, not in words of them, and are as certain as their least
 * certain step.
 */
export class Corroboration {
  readonly #session: SessionId;
  readonly #rules: RulePack;
  readonly #judgement: Judge;
  readonly #book = new ActBook();
  /** How an event was observed, and the acts in it by their rules, for as long as a chain remembers the event. */
  readonly #observed = new WeakMap<
    RuleEvent,
    { readonly sighting: Sighting; readonly acts: Map<string, Act> }
  >();
  /** Of the present observation. */
  #sighting: Sighting | undefined;
  readonly #changed = new Set<Act>();
  readonly #touched = new Map<DetectionRule, Act>();

  constructor(rules: RulePack, session: SessionId) {
    this.#session = session;
    this.#rules = rules;
    this.#judgement = new Judge(rules, (rule, hit) => this.#witness(rule, hit));
  }

  /** The flags of one observation: new ones, and those of which more is known now. */
  judge(events: readonly RuleEvent[], sighting: Sighting): readonly Flag[] {
    this.#sighting = sighting;
    // Clearing makes a new table even where there is nothing to clear, and nearly every line is nothing.
    if (this.#changed.size > 0) this.#changed.clear();
    if (this.#touched.size > 0) this.#touched.clear();
    for (const finding of this.#judgement.judge(events, sighting.at)) this.#chain(finding, sighting);
    if (this.#changed.size === 0) return NOTHING;
    for (const act of [...this.#changed]) for (const chain of act.chains) this.#strengthen(chain);
    return [...this.#changed]
      .filter(({ rule }) => rule.kind === "correlation" || !this.#rules.correlations.parts.has(rule))
      .map((act) => this.#flagOf(act));
  }

  /** Takes in one match. Whether it is news to chains. */
  #witness(rule: DetectionRule, hit: Hit): boolean {
    const sighting = this.#sighting;
    if (sighting === undefined) return true;
    const beside = this.#touched.get(rule);
    const { act, as } = this.#book.recognise(rule, hit, sighting, beside);
    this.#touched.set(rule, act);
    const known = this.#observed.get(hit.event) ?? { sighting, acts: new Map<string, Act>() };
    this.#observed.set(hit.event, known);
    known.acts.set(rule.id, act);
    const piece = evidenceOf(hit, sighting);
    if (sighting.channel === "tally") this.#retell(act, piece);
    else this.#take(act, piece, as, act === beside);
    return as !== "same";
  }

  /** What tells all anew stands in the place of what it told before. */
  #retell(act: Act, piece: Evidence): void {
    act.evidence = [...act.evidence.filter((one) => one.category !== piece.category), piece];
    act.confidence = piece.confidence ?? act.confidence;
    this.#changed.add(act);
  }

  /** Keeps a piece of evidence when it says something that the others do not. */
  #take(act: Act, piece: Evidence, as: Recognised["as"], isBeside: boolean): void {
    const { confidence = "seen", source } = piece;
    const surer = isSurer(confidence, act.confidence);
    const isOther = !act.evidence.some((one) => one.source === source && one.confidence === confidence);
    if (as !== "new" && !surer && !isOther && !isBeside) return;
    if (surer) act.confidence = confidence;
    if (act.evidence.length >= MOST_EVIDENCE) {
      if (isBeside && !isOther) return;
      act.evidence.splice(leastTelling(act.evidence), 1);
    }
    act.evidence.push(piece);
    this.#changed.add(act);
  }

  #chain({ rule, chain }: Finding, sighting: Sighting): void {
    if (rule.kind !== "correlation" || chain === undefined) return;
    const steps = chain.events.map(({ rule: step, event }) => {
      const known = this.#observed.get(event);
      const act = known?.acts.get(step.id);
      return { act, piece: evidenceOf({ event, matched: [] }, known?.sighting ?? sighting) };
    });
    const acts = new Set(steps.flatMap(({ act }) => act ?? []));
    const { act, as } = this.#book.chain(rule, chain.group, acts, sighting.at);
    if (as !== "new") return;
    const shown = steps.filter(({ act: step }) => step !== undefined).slice(-MOST_EVIDENCE);
    act.evidence = shown.map(({ piece }) => piece);
    act.parts = shown.flatMap(({ act: step }) => step ?? []);
    this.#strengthen(act);
    this.#changed.add(act);
  }

  /** A step of a chain is better known now. */
  #strengthen(chain: Act): void {
    const evidence = chain.evidence.map((piece, place) => {
      const surest = surestOf(chain.parts[place]);
      const isSure = surest !== undefined && isSurer(surest.confidence ?? "seen", piece.confidence ?? "seen");
      return isSure ? surest : piece;
    });
    const confidence = leastOf([...chain.steps].map((step) => step.confidence));
    const isSame = evidence.every((piece, place) => piece === chain.evidence[place]);
    if (isSame && confidence === chain.confidence) return;
    chain.evidence = evidence;
    chain.confidence = confidence;
    this.#changed.add(chain);
  }

  #flagOf(act: Act): Flag {
    const { rule, primary, number, at, confidence, evidence } = act;
    act.flag = {
      id: act.flag?.id ?? flagId(this.#session, rule.id, number === 0 ? primary : `${primary}\0${number}`),
      session: this.#session,
      rule: act.flag?.rule ?? summaryOf(rule),
      at,
      confidence,
      evidence: evidence.toSorted((a, b) => a.at - b.at),
    };
    return act.flag;
  }
}

function surestOf(act: Act | undefined): Evidence | undefined {
  let surest: Evidence | undefined;
  for (const piece of act?.evidence ?? [])
    if (surest === undefined || isSurer(piece.confidence ?? "seen", surest.confidence ?? "seen"))
      surest = piece;
  return surest;
}

/** The place of the last piece of the source that has most of them. */
function leastTelling(evidence: readonly Evidence[]): number {
  const count = (piece: Evidence): number => evidence.filter((one) => one.source === piece.source).length;
  const most = Math.max(...evidence.map(count));
  return evidence.findLastIndex((piece) => count(piece) === most);
}
