import type { Micros } from "../../core/units.js";
import type { CorrelationRule, DetectionRule } from "../../sigma/model.js";
import type { Hit } from "../judge.js";
import { type Act, leastOf } from "./act.js";
import { groupsOf, identityOf } from "./keys.js";
import { mayRepeat, type Sighting } from "./sighting.js";

/** Word of one act may come over so much time; the same thing later is another act. */
const WINDOW = 60_000_000;
/** Many small acts are one, as long as none comes later than this after the one before: a process deleting files. */
const NEARNESS = 30_000_000;
/** Lines of one burst of output that the same rule finds are one moment: a dump is one flag, not one a line. */
const BURST = 5_000_000;

/** So many acts are remembered; those untouched for longest are forgotten first. */
const MOST_ACTS = 20_000;
/** How many acts of one key are looked at, the latest. */
const MOST_ALIKE = 8;
const MOST_KEYS = 64;

/** How a hit was taken in. */
export interface Recognised {
  readonly act: Act;
  /** `same`: another word of an act that is known. `more`: one more of many that belong together. */
  readonly as: "new" | "same" | "more";
}

type Rule = DetectionRule | CorrelationRule;

/**
 * Remembers what the rules found, and recognises the same act when word of it comes in another way. An act comes once on
 * each way, in order: the second tool call `rm x` begins a second act, and the second start of `rm x` belongs to it.
 * Pure; bounded.
 */
export class ActBook {
  readonly #acts = new Set<Act>();
  readonly #byKey = new Map<string, Act[]>();
  readonly #counts = new Map<string, number>();

  /** `beside`: the act of another hit of the same rule in the same observation. */
  recognise(rule: Rule, hit: Hit, sighting: Sighting, beside: Act | undefined): Recognised {
    const keys = identityOf(hit, sighting);
    const groups = groupsOf(hit, sighting);
    const same = this.#same(rule, keys, sighting);
    const more =
      same ??
      this.#latest(rule, groups.deed, undefined) ??
      groups.near.map((key) => this.#latest(rule, key, sighting.at)).find((act) => act !== undefined) ??
      beside;
    const act = more ?? this.#add(rule, keys[0] ?? "", sighting.at, sighting.confidence, new Set());
    this.#touch(act, sighting.at);
    for (const key of keys) act.slots.add(`${sighting.channel} ${key}`);
    for (const key of [...keys, groups.deed, ...groups.near]) if (key !== undefined) this.#link(act, key);
    return { act, as: same !== undefined ? "same" : more !== undefined ? "more" : "new" };
  }

  /** A chain: known by what its steps have in common or, for want of that, by the steps. */
  chain(
    rule: CorrelationRule,
    group: Readonly<Record<string, string>>,
    steps: ReadonlySet<Act>,
    at: Micros,
  ): Recognised {
    const counted = !rule.correlation.type.startsWith("temporal");
    const key =
      counted || Object.keys(group).length > 0
        ? `group ${JSON.stringify(group)}`
        : `steps ${[...steps].map((step) => `${step.rule.id} ${step.primary} ${step.number}`).join("\n")}`;
    const known = this.#byKey.get(keyOf(rule, key))?.at(-1);
    const { timespan } = rule.correlation;
    if (known !== undefined && at - known.lastAt <= timespan) {
      this.#touch(known, at);
      return { act: known, as: "same" };
    }
    const act = this.#add(rule, key, at, leastOf([...steps].map((step) => step.confidence)), steps);
    this.#link(act, key);
    for (const step of steps) step.chains.add(act);
    return { act, as: "new" };
  }

  /** The act that a sighting of these keys is word of, the oldest that has none of this way yet. */
  #same(rule: Rule, keys: readonly string[], { channel, at }: Sighting): Act | undefined {
    for (const key of keys) {
      const alike = this.#byKey.get(keyOf(rule, key));
      if (alike === undefined) continue;
      // What is shown again may have been done at any time before.
      if (mayRepeat(channel)) return alike.at(-1);
      const slot = `${channel} ${key}`;
      const open = alike.find((act) => at - act.lastAt <= WINDOW && !act.slots.has(slot));
      if (open !== undefined) return open;
    }
    return undefined;
  }

  /** The latest act of a group; `at`: only when it is near. */
  #latest(rule: Rule, key: string | undefined, at: Micros | undefined): Act | undefined {
    if (key === undefined) return undefined;
    const act = this.#byKey.get(keyOf(rule, key))?.at(-1);
    if (act === undefined || at === undefined) return act;
    return at - act.lastAt < (key === "lines" ? BURST : NEARNESS) ? act : undefined;
  }

  #add(rule: Rule, primary: string, at: Micros, confidence: Act["confidence"], steps: ReadonlySet<Act>): Act {
    const counted = keyOf(rule, primary);
    const number = this.#counts.get(counted) ?? 0;
    this.#counts.delete(counted);
    this.#counts.set(counted, number + 1);
    if (this.#counts.size > MOST_ACTS) this.#counts.delete(this.#counts.keys().next().value as string);
    const act: Act = {
      ...{ rule, primary, number, at, lastAt: at, confidence, steps },
      keys: new Set(),
      slots: new Set(),
      evidence: [],
      parts: [],
      chains: new Set(),
      flag: undefined,
    };
    this.#acts.add(act);
    const [oldest] = this.#acts;
    if (this.#acts.size > MOST_ACTS && oldest !== undefined) this.#forget(oldest);
    return act;
  }

  #touch(act: Act, at: Micros): void {
    act.lastAt = at;
    this.#acts.delete(act);
    this.#acts.add(act);
  }

  #link(act: Act, key: string): void {
    const full = keyOf(act.rule, key);
    if (act.keys.has(full)) return;
    if (act.keys.size >= MOST_KEYS) return;
    act.keys.add(full);
    const alike = this.#byKey.get(full);
    if (alike === undefined) this.#byKey.set(full, [act]);
    else {
      alike.push(act);
      if (alike.length > MOST_ALIKE) alike.shift()?.keys.delete(full);
    }
  }

  #forget(act: Act): void {
    this.#acts.delete(act);
    for (const key of act.keys) {
      const alike = this.#byKey.get(key)?.filter((one) => one !== act) ?? [];
      if (alike.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, alike);
    }
    for (const step of act.steps) step.chains.delete(act);
  }
}

const keyOf = (rule: Rule, key: string): string => `${rule.id}\0${key}`;
