import type { Logsource } from "./model.js";

/** Where an event comes from. */
export interface Source {
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
}

/**
 * Whether a rule is meant for an event: each of category, product and service that the rule names must be the
 * event's, whatever the case. What a rule does not name may be anything, so a rule without a product is for all.
 */
export const covers = (rule: Logsource, event: Source): boolean =>
  agrees(rule.category, event.category) &&
  agrees(rule.product, event.product) &&
  agrees(rule.service, event.service);

const agrees = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || (given !== undefined && wanted.toLowerCase() === given.toLowerCase());

/** The names that rules use for log sources. Events from sources that no rule can tell apart share a key. */
export class SourceNames {
  readonly #known: ReadonlySet<string>;

  constructor(logsources: readonly Logsource[]) {
    const names = logsources.flatMap(({ category, product, service }) => [category, product, service]);
    this.#known = new Set(names.flatMap((name) => name?.toLowerCase() ?? []));
  }

  keyOf({ category, product, service }: Source): string {
    const known = [category, product, service].map((name) => {
      const lower = name?.toLowerCase();
      return lower !== undefined && this.#known.has(lower) ? lower : null;
    });
    return JSON.stringify(known);
  }
}
