/**
 * Everything that can move a cursor, change a terminal's state, or make text read other than it is: C0 and C1 controls,
 * direction overrides and isolates, invisible separators and tag characters, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Recorded or foreign text made fit for a person's terminal: one line, nothing in it but visible characters. */
export function displayText(text: string, longest = 500): string {
  const safe = text.replace(UNSAFE, (character) =>
    character === "\t" || character === "\n" ? " " : "\u00b7",
  );
  const characters = [...safe];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : safe;
}
