import {
  type Contribution,
  type CorrelationState,
  type Input,
  listed,
  MAX_LISTED,
  type Outcome,
  valueText,
} from "./contribution.js";
import type { CorrelationType } from "./model.js";
import { type CountCondition, within } from "./threshold.js";

/** Follows the values in a window that slides. */
interface Measure {
  add(value: string): void;
  remove(value: string): void;
  /** The figure to compare, `latest` being the value that came last. */
  figure(latest: string): number;
}

interface Entry {
  readonly at: number;
  readonly value: string;
  contributions: readonly Contribution[];
}

/** What one group may remember beyond what its condition asks for. */
const MIN_CAPACITY = 10_000;

/** Counts, sums and percentiles over the events of the last timespan, which ends with the latest event. */
export class AggregateState implements CorrelationState {
  readonly #condition: CountCondition;
  readonly #timespan: number;
  readonly #measure: Measure;
  readonly #numeric: boolean;
  readonly #capacity: number;
  #entries: Entry[] = [];
  #head = 0;

  constructor(type: CorrelationType, condition: CountCondition, timespan: number) {
    this.#condition = condition;
    this.#timespan = timespan;
    this.#measure = measureFor(type, condition.percentile);
    this.#numeric = this.#measure instanceof Total || this.#measure instanceof Percentile;
    const asked = type.endsWith("_count") ? condition.limits.map((limit) => limit.value + 1) : [];
    this.#capacity = Math.max(MIN_CAPACITY, ...asked);
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  add(inputs: readonly Input[], at: number): Outcome | undefined {
    // One event counts once, however many of the rules saw it.
    const value = inputs.map((input) => this.#valueOf(input)).find((one) => one !== undefined);
    if (value === undefined) return undefined;
    this.#forget(at - this.#timespan);
    this.#entries.push({ at, value, contributions: inputs.flatMap((input) => input.contributions) });
    this.#measure.add(value);
    // Older events are still counted, but no longer kept.
    const old = this.#entries[this.#entries.length - 1 - MAX_LISTED];
    if (old !== undefined) old.contributions = [];
    const figure = this.#measure.figure(value);
    if (!within(this.#condition, figure)) return undefined;
    const recent = this.#entries.slice(Math.max(this.#head, this.#entries.length - MAX_LISTED));
    return { value: figure, contributions: listed(recent.flatMap((entry) => entry.contributions)) };
  }

  #valueOf({ fields }: Input): string | undefined {
    const texts = this.#condition.fields.map((field) => valueText(fields, field));
    if (texts.includes(undefined)) return undefined;
    if (this.#numeric && !isNumber(texts[0] ?? "")) return undefined;
    return texts.length === 1 ? texts[0] : JSON.stringify(texts);
  }

  #forget(before: number): void {
    const entries = this.#entries;
    const first = entries.length - this.#capacity + 1;
    while (this.#head < entries.length) {
      const entry = entries[this.#head];
      if (entry === undefined || (entry.at >= before && this.#head >= first)) break;
      this.#measure.remove(entry.value);
      this.#head++;
    }
    if (this.#head < 1024 || this.#head * 2 < entries.length) return;
    this.#entries = entries.slice(this.#head);
    this.#head = 0;
  }
}

const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

function measureFor(type: CorrelationType, percentile: number | undefined): Measure {
  switch (type) {
    case "value_count":
      return new Distinct();
    case "value_sum":
      return new Total(false);
    case "value_avg":
      return new Total(true);
    case "value_percentile":
      return percentile === undefined ? new Share() : new Percentile(percentile);
    case "event_count":
    case "temporal":
    case "temporal_ordered":
      return new Count();
  }
}

class Count implements Measure {
  #count = 0;
  add(): void {
    this.#count++;
  }
  remove(): void {
    this.#count--;
  }
  figure(): number {
    return this.#count;
  }
}

/** How many different values there are. */
class Distinct implements Measure {
  protected readonly counts = new Map<string, number>();
  add(value: string): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }
  remove(value: string): void {
    const count = this.counts.get(value) ?? 0;
    if (count > 1) this.counts.set(value, count - 1);
    else this.counts.delete(value);
  }
  figure(_latest: string): number {
    return this.counts.size;
  }
}

/** How many of a hundred events hold the value that came last. */
class Share extends Distinct {
  #total = 0;
  override add(value: string): void {
    super.add(value);
    this.#total++;
  }
  override remove(value: string): void {
    super.remove(value);
    this.#total--;
  }
  override figure(latest: string): number {
    return (100 * (this.counts.get(latest) ?? 0)) / this.#total;
  }
}

class Total implements Measure {
  readonly #average: boolean;
  #sum = 0;
  #count = 0;
  constructor(average: boolean) {
    this.#average = average;
  }
  add(value: string): void {
    this.#sum += Number(value);
    this.#count++;
  }
  remove(value: string): void {
    this.#count--;
    // An empty window starts afresh, so that rounding does not add up.
    this.#sum = this.#count === 0 ? 0 : this.#sum - Number(value);
  }
  figure(): number {
    return this.#average ? this.#sum / this.#count : this.#sum;
  }
}

/** A percentile of numbers, between neighbours in proportion (the median of 1 and 2 is 1.5). */
class Percentile implements Measure {
  readonly #rank: number;
  readonly #sorted: number[] = [];
  constructor(percentile: number) {
    this.#rank = percentile / 100;
  }
  add(value: string): void {
    const number = Number(value);
    this.#sorted.splice(this.#position(number), 0, number);
  }
  remove(value: string): void {
    this.#sorted.splice(this.#position(Number(value)), 1);
  }
  figure(): number {
    const exact = (this.#sorted.length - 1) * this.#rank;
    const below = this.#sorted[Math.floor(exact)] ?? Number.NaN;
    const above = this.#sorted[Math.ceil(exact)] ?? Number.NaN;
    return below + (above - below) * (exact - Math.floor(exact));
  }
  /** Where the first number that is not smaller stands. */
  #position(number: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
