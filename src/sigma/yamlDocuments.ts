/** The text of one YAML document, and where it stands in its file. */
export interface DocumentText {
  readonly text: string;
  /** How many lines of the file come before it. */
  readonly lines: number;
}

/**
 * Splits a file at its `---` lines, which YAML allows nowhere but between documents. So each document can be
 * read, and refused, by itself. Directives stay with the document they stand before.
 */
export function* splitDocuments(text: string): Generator<DocumentText> {
  const marker = /^---(?=[ \t\r\n]|$)/gm;
  let start = 0;
  let lines = 0;
  for (const { index } of text.matchAll(marker)) {
    const part = text.slice(start, index);
    if (isPrologue(part)) continue;
    yield { text: part, lines };
    lines += lineBreaks(part);
    start = index;
  }
  yield { text: text.slice(start), lines };
}

/** Whether a part holds nothing but directives, comments and blank lines. */
const isPrologue = (part: string): boolean =>
  part.length < 10_000 && /^(?:[ \t]*\r?\n|#.*\r?\n|%.*\r?\n)*$/.test(part);

function lineBreaks(text: string): number {
  let count = 0;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) count++;
  return count;
}
