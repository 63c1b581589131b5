/** What placeholders stand for: `%name%` becomes each of the values under `name`. */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

const MAX_FORMS = 10_000;
const PART = /\\%|%([^%\s\\]+)%/g;

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
    const name = match[1];
    const values =
      name === undefined ? ["%"] : Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
    if (values === undefined || values.length === 0) return `the placeholder \`%${name}%\` is not expanded`;
    if (forms.length * values.length > MAX_FORMS)
      return `the placeholders stand for more than ${MAX_FORMS} values`;
    forms = forms.flatMap((form) => values.map((value) => form + before + value));
  }
  const rest = text.slice(position);
  return forms.map((form) => form + rest);
}
