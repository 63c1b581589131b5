const NON_ASCII = /[^\0-\x7f]/;
/** Letters that lower-casing leaves apart although they are the same letter: final sigma, long s. */
const ODD = /[ςſ]/g;

/**
 * A text in one case, for comparing. Every character keeps its place, so that an offset in the folded text
 * is the same offset in the original: where lower-casing changes the length (`İ`), the character stays.
 */
export function fold(text: string): string {
  if (text.length < LONG) return foldAnew(text);
  // The events of one command have their long texts in common.
  const known = lately.find((one) => one.text === text);
  if (known !== undefined) return known.folded;
  const folded = foldAnew(text);
  lately.unshift({ text, folded });
  lately.length = Math.min(lately.length, REMEMBERED);
  return folded;
}

const LONG = 1_000;
const REMEMBERED = 4;
const lately: { readonly text: string; readonly folded: string }[] = [];

function foldAnew(text: string): string {
  const lower = text.toLowerCase();
  if (!NON_ASCII.test(text)) return lower;
  const same = lower.length === text.length ? lower : characterwise(text);
  return same.replace(ODD, (letter) => (letter === "ς" ? "σ" : "s"));
}

function characterwise(text: string): string {
  let folded = "";
  for (const character of text) {
    const lower = character.toLowerCase();
    folded += lower.length === character.length ? lower : character;
  }
  return folded;
}
