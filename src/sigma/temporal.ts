import {
  type Contribution,
  type CorrelationState,
  type Input,
  listed,
  type Outcome,
} from "./contribution.js";
import { type CountCondition, within } from "./threshold.js";

interface Seen {
  readonly at: number;
  readonly contributions: readonly Contribution[];
}

/** `temporal`: which of the rules were seen within the timespan, in whatever order. */
export class ProximityState implements CorrelationState {
  readonly #condition: CountCondition;
  readonly #timespan: number;
  readonly #latest = new Map<number, Seen>();

  constructor(condition: CountCondition, timespan: number) {
    this.#condition = condition;
    this.#timespan = timespan;
  }

  get size(): number {
    return this.#latest.size;
  }

  add(inputs: readonly Input[], at: number): Outcome | undefined {
    for (const { index, contributions } of inputs) this.#latest.set(index, { at, contributions });
    for (const [index, seen] of this.#latest) if (seen.at < at - this.#timespan) this.#latest.delete(index);
    const value = this.#latest.size;
    if (!within(this.#condition, value)) return undefined;
    return { value, contributions: listed([...this.#latest.values()].flatMap((seen) => seen.contributions)) };
  }
}

/** A sequence of rules seen one after the other, its last link first. */
interface Chain extends Seen {
  /** When its first event was seen. */
  readonly start: number;
  readonly before: Chain | undefined;
}

/**
 * `temporal_ordered`: how many of the rules were seen in their order within the timespan. Of all sequences that
 * end with a rule and have a length, only the one that began last is kept: no other can last longer.
 */
export class OrderState implements CorrelationState {
  readonly #condition: CountCondition;
  readonly #timespan: number;
  /** By the last rule's place, then by length minus one. */
  readonly #chains: (Chain | undefined)[][];

  constructor(condition: CountCondition, timespan: number, rules: number) {
    this.#condition = condition;
    this.#timespan = timespan;
    this.#chains = Array.from({ length: rules }, () => []);
  }

  get size(): number {
    return this.#chains.reduce((sum, chains) => sum + chains.length, 0);
  }

  add(inputs: readonly Input[], at: number): Outcome | undefined {
    // The last rule first: one event is never two steps of a sequence.
    for (const { index, contributions } of inputs.toSorted((a, b) => b.index - a.index)) {
      const chains = this.#chains[index] ?? [];
      for (let length = index; length >= 1; length--) {
        const before = this.#longestLived(index, length - 1, at);
        chains[length] = before && { at, contributions, start: before.start, before };
      }
      chains[0] = { at, contributions, start: at, before: undefined };
    }
    for (let length = this.#chains.length - 1; length >= 0; length--) {
      const chain = this.#longestLived(this.#chains.length, length, at);
      if (chain === undefined) continue;
      if (!within(this.#condition, length + 1)) return undefined;
      return { value: length + 1, contributions: listed(contributionsOf(chain)) };
    }
    return undefined;
  }

  /** The sequence of a length, ending before a rule's place, that began last; it must still be in time. */
  #longestLived(before: number, length: number, at: number): Chain | undefined {
    let best: Chain | undefined;
    for (let index = 0; index < before; index++) {
      const chain = this.#chains[index]?.[length];
      if (chain === undefined || chain.start < at - this.#timespan) continue;
      if (best === undefined || chain.start > best.start) best = chain;
    }
    return best;
  }
}

function contributionsOf(chain: Chain): Contribution[] {
  const all: Contribution[] = [];
  for (let link: Chain | undefined = chain; link !== undefined; link = link.before)
    all.push(...link.contributions);
  return all;
}
