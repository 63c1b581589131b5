const PLAIN = /^[\w@%+=:,./~$*?{}[\]^!-]+$/;

/** A word as a shell would need it written, so that the same command always reads the same. */
export const quoteWord = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command line in one canonical form: one space between words, quotes only where needed. */
export const quoteLine = (words: readonly string[]): string => words.map(quoteWord).join(" ");
