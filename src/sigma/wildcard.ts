/**
 * A piece of a Sigma string: literal text, `*` (any characters), `?` (exactly one),
 * or a dash of a Windows flag, for which five characters may stand.
 */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "dash" };

export const ANY: Piece = { kind: "any" };

/** The characters that `windash` takes for each other: `-`, `/`, en dash, em dash, horizontal bar. */
export const DASHES = "-/–—―";

/**
 * Reads a Sigma string. A backslash makes a wildcard or another backslash plain; before anything else it is
 * itself, so that `\\` and `\` both mean one backslash, as the specification has it.
 */
export function readPieces(source: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") pieces.push({ kind: "text", text });
    text = "";
  };
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    const next = source.charAt(i + 1);
    if (character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      text += next;
      i++;
    } else if (character === "*" || character === "?") {
      flush();
      if (character === "?") pieces.push({ kind: "one" });
      else if (pieces.at(-1)?.kind !== "any") pieces.push(ANY);
    } else text += character;
  }
  flush();
  return pieces;
}

/** The plain text of a value without wildcards, or undefined when it has some. */
export function plainText(pieces: readonly Piece[]): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind !== "text") return undefined;
    text += piece.text;
  }
  return text;
}

const FLAG = new RegExp(`(?<![\\p{L}\\p{N}_])[${DASHES}](?=[\\p{L}\\p{N}_])`, "u");

/** Lets each dash that begins a flag (not within a word, a word behind it) be any of the five dashes. */
export function withAnyDash(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece) => {
    if (piece.kind !== "text") return piece;
    const parts = piece.text.split(FLAG);
    return parts.flatMap((text, index): Piece[] => [
      ...(index === 0 ? [] : [{ kind: "dash" } as const]),
      ...(text === "" ? [] : [{ kind: "text", text } as const]),
    ]);
  });
}
