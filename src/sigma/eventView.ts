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

/** One event as tests see it: each field turned into texts once, at its first use. */
export class EventView {
  readonly #fields: RuleEvent["fields"];
  readonly #seen = new Map<string, FieldTexts>();
  #names: readonly string[] | undefined;

  constructor(event: RuleEvent) {
    this.#fields = event.fields;
  }

  /** The names of all fields of the event. */
  get names(): readonly string[] {
    this.#names ??= Object.keys(this.#fields);
    return this.#names;
  }

  has(field: string): boolean {
    return Object.hasOwn(this.#fields, field) && this.#fields[field] !== undefined;
  }

  /** The texts of a field, or undefined when the event lacks it. */
  get(field: string): FieldTexts | undefined {
    const known = this.#seen.get(field);
    if (known !== undefined) return known;
    if (!this.has(field)) return undefined;
    const texts = textsOf(this.#fields[field] ?? null);
    this.#seen.set(field, texts);
    return texts;
  }
}

function textsOf(value: FieldValue): FieldTexts {
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
