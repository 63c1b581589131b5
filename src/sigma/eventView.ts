import type { FieldValue, RuleEvent } from "../core/ruleEvent.js";
import { fold } from "./fold.js";

/** The texts of one field: several when its value is a list. Null has none. */
export class FieldTexts {
  readonly raw: readonly string[];
  /** Whether the field has no value, or a list with one that is none. */
  readonly hasNull: boolean;
  #folded: readonly string[] | undefined;

  constructor(raw: readonly string[], hasNull: boolean) {
    this.raw = raw;
    this.hasNull = hasNull;
  }

  get folded(): readonly string[] {
    this.#folded ??= this.raw.map(fold);
    return this.#folded;
  }

  texts(cased: boolean): readonly string[] {
    return cased ? this.raw : this.folded;
  }
}

const NOTHING = new FieldTexts([], true);
const MAX_DEPTH = 32;

/** From this many fields on, looking names up one by one is slower than a map. */
const MANY = 24;

/** One event as tests see it: each field turned into texts once, at its first use. */
export class EventView {
  readonly #fields: RuleEvent["fields"];
  readonly #texts: (FieldTexts | undefined)[] = [];
  /** Where each name stands, for events with many fields. */
  readonly #places: ReadonlyMap<string, number> | undefined;
  /** The names of all fields of the event. */
  readonly names: readonly string[];

  constructor(event: RuleEvent) {
    this.#fields = event.fields;
    this.names = Object.keys(event.fields);
    this.#places =
      this.names.length < MANY ? undefined : new Map(this.names.map((name, place) => [name, place]));
  }

  has(field: string): boolean {
    return this.get(field) !== undefined;
  }

  /** The texts of a field, or undefined when the event lacks it. */
  get(field: string): FieldTexts | undefined {
    const place = this.#places === undefined ? this.names.indexOf(field) : this.#places.get(field);
    return place === undefined || place < 0 ? undefined : this.at(place);
  }

  /** The texts of the field whose name stands at this place. */
  at(place: number): FieldTexts | undefined {
    const known = this.#texts[place];
    if (known !== undefined) return known;
    const name = this.names[place];
    const value = name === undefined ? undefined : this.#fields[name];
    if (value === undefined) return undefined;
    const texts = textsOf(value);
    this.#texts[place] = texts;
    return texts;
  }
}

/** A value's texts. What an array holds beyond 32 levels of arrays is left out. */
export function textsOf(value: FieldValue): FieldTexts {
  if (typeof value === "string") return new FieldTexts([value], false);
  if (value === null) return NOTHING;
  if (typeof value !== "object") return new FieldTexts([String(value)], false);
  const raw: string[] = [];
  const hasNull = gather(value, raw, 0) || value.length === 0;
  return new FieldTexts(raw, hasNull);
}

function gather(values: readonly FieldValue[], into: string[], depth: number): boolean {
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    else if (typeof value !== "object") into.push(String(value));
    else if (depth < MAX_DEPTH && gather(value, into, depth + 1)) hasNull = true;
  }
  return hasNull;
}
