/** What placeholders stand for: `%name%` becomes each of the values under `name`. */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

/** All forms of a value together may have this many characters. */
const MAX_TEXT = 1_000_000;
/** A pair of backslashes, an escaped percent sign, a placeholder. */
const PART = /\\\\|\\%|%([^%\s\\]+)%/g;

/**
 * Replaces the placeholders of a value that has the `expand` modifier: every combination of what they stand
 * for. `\%` is a plain percent sign. Returns the reason as a text when one stands for nothing.
 */
export function expandPlaceholders(text: string, placeholders: Placeholders): readonly string[] | string {
  let forms = [""];
  let position = 0;
  for (const match of text.matchAll(PART)) {
    const before = text.slice(position, match.index);
    position = match.index + match[0].length;
    const values = standsFor(match[0], match[1], placeholders);
    if (values === undefined || values.length === 0) return `the placeholder \`${match[0]}\` is not expanded`;
    if (forms.length * values.length * text.length > MAX_TEXT)
      return "the placeholders stand for too many values";
    forms = forms.flatMap((form) => values.map((value) => form + before + value));
  }
  const rest = text.slice(position);
  return forms.map((form) => form + rest);
}

function standsFor(
  part: string,
  name: string | undefined,
  placeholders: Placeholders,
): readonly string[] | undefined {
  if (name === undefined) return [part === "\\%" ? "%" : part];
  return Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
}
