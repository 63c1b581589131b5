/** Of each of these lists, a line must hold at least one text. */
export type Required = readonly (readonly string[])[];

/** More of them hardly tell more. */
const MOST_TRIGRAMS = 24;
const TRIGRAM = 3;
const ASCII = /^[ -~]*$/;

/**
 * The full-text query for lines that may hold what is required; undefined when every line may. Made of quoted groups of
 * three characters only, so that nothing in a text is taken for query syntax. Only ASCII is asked for: beyond it, SQLite's
 * lower case and ours may differ.
 */
export function trigramQuery(required: Required): string | undefined {
  const parts = required.map(anyOf).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" AND ");
}

function anyOf(texts: readonly string[]): string | undefined {
  const each = texts.map(allOf);
  if (each.length === 0 || each.some((part) => part === undefined)) return undefined;
  return `(${each.join(" OR ")})`;
}

function allOf(text: string): string | undefined {
  const found = new Set<string>();
  for (let at = 0; at + TRIGRAM <= text.length && found.size < MOST_TRIGRAMS; at++) {
    const trigram = text.slice(at, at + TRIGRAM);
    if (ASCII.test(trigram)) found.add(`"${trigram.replaceAll('"', '""')}"`);
  }
  return found.size === 0 ? undefined : `(${[...found].join(" AND ")})`;
}
