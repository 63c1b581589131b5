import type { Condition } from "./condition.js";
import {
  type Contribution,
  type CorrelationState,
  type Input,
  listed,
  type Outcome,
} from "./contribution.js";

interface Occurrence {
  readonly at: number;
  /** Counts events, so that the order is known where times are equal. */
  readonly turn: number;
  readonly contributions: readonly Contribution[];
}

/** Where a part of the condition begins, and what it rests on. */
interface Found {
  readonly turn: number;
  readonly contributions: readonly Contribution[];
}

const MAX_OCCURRENCES = 1000;

/**
 * A condition such as `login and not logout` over the rules seen within the timespan that ends now. In order,
 * the parts of an `and` must have been seen one after the other, from left to right.
 */
export class PresenceState implements CorrelationState {
  readonly #condition: Condition;
  readonly #inputOf: ReadonlyMap<string, number>;
  readonly #timespan: number;
  readonly #ordered: boolean;
  readonly #seen = new Map<number, Occurrence[]>();
  #turn = 0;

  constructor(
    condition: Condition,
    inputOf: ReadonlyMap<string, number>,
    timespan: number,
    ordered: boolean,
  ) {
    this.#condition = condition;
    this.#inputOf = inputOf;
    this.#timespan = timespan;
    this.#ordered = ordered;
  }

  get size(): number {
    let size = 0;
    for (const occurrences of this.#seen.values()) size += occurrences.length;
    return size;
  }

  add(inputs: readonly Input[], at: number): Outcome | undefined {
    const turn = ++this.#turn;
    for (const { index, contributions } of inputs) {
      const known = this.#seen.get(index);
      if (known === undefined) this.#seen.set(index, [{ at, turn, contributions }]);
      else known.push({ at, turn, contributions });
    }
    const keep = this.#ordered ? MAX_OCCURRENCES : 1;
    for (const [index, occurrences] of this.#seen)
      this.#seen.set(index, occurrences.filter((one) => one.at >= at - this.#timespan).slice(-keep));
    const found = this.#latest(this.#condition, turn + 1);
    if (found === undefined) return undefined;
    return { value: found.contributions.length, contributions: listed(found.contributions) };
  }

  /** The latest way to fulfil a part of the condition before a turn: what begins last leaves most room. */
  #latest(condition: Condition, before: number): Found | undefined {
    switch (condition.kind) {
      case "name": {
        const occurrences = this.#seen.get(this.#inputOf.get(condition.name) ?? -1) ?? [];
        return occurrences.findLast((one) => one.turn < before);
      }
      case "not":
        return this.#latest(condition.of, this.#turn + 1) === undefined
          ? { turn: before, contributions: [] }
          : undefined;
      case "or": {
        const found = condition.of.flatMap((one) => this.#latest(one, before) ?? []);
        return found.reduce<Found | undefined>(
          (a, b) => (a !== undefined && a.turn >= b.turn ? a : b),
          undefined,
        );
      }
      case "and":
        return this.#all(condition.of, before);
      case "some":
      case "every":
        return undefined;
    }
  }

  #all(conditions: readonly Condition[], before: number): Found | undefined {
    let turn = before;
    const contributions: Contribution[] = [];
    for (const condition of conditions.toReversed()) {
      const found = this.#latest(condition, this.#ordered ? turn : before);
      if (found === undefined) return undefined;
      turn = Math.min(turn, found.turn);
      contributions.push(...found.contributions);
    }
    return { turn, contributions };
  }
}
