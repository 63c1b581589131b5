import { base64, base64Offsets, bytesAsText, bytesOf, type Encoding } from "./encode.js";
import type { Test } from "./expr.js";
import { fold } from "./fold.js";
import type { SearchItem } from "./model.js";
import { Pattern } from "./pattern.js";
import { ANY, type Piece, plainText, readPieces, withAnyDash } from "./wildcard.js";

const UTF16: Readonly<Record<string, Encoding>> = {
  utf16: "utf16",
  utf16le: "utf16le",
  wide: "utf16le",
  utf16be: "utf16be",
};

/** A value on its way through its modifiers: what it stands for by now, and the encoding it is to have. */
interface Draft {
  readonly forms: readonly (readonly Piece[])[];
  readonly encoding: Encoding;
}

/**
 * Applies the string modifiers in the order they stand. Returns the tests, any of which may match, or the
 * reason as a text why the modifiers do not fit the value.
 */
export function stringTests(text: string, item: SearchItem): readonly Test[] | string {
  let draft: Draft = { forms: [readPieces(text)], encoding: "utf8" };
  for (const name of item.modifiers) {
    const next = apply(name, draft);
    if (typeof next === "string") return next;
    draft = next;
  }
  const cased = item.modifiers.includes("cased");
  const anywhere = item.field === undefined && !item.modifiers.some((name) => name.endsWith("swith"));
  return encoded(draft).map((pieces) => toTest(anywhere ? around(pieces) : pieces, cased));
}

function toTest(pieces: readonly Piece[], cased: boolean): Test {
  const plain = plainText(pieces);
  if (plain !== undefined) return { kind: "oneOf", texts: new Set([cased ? plain : fold(plain)]), cased };
  return { kind: "pattern", pattern: new Pattern(pieces, cased), cased };
}

function apply(name: string, draft: Draft): Draft | string {
  const { forms, encoding } = draft;
  switch (name) {
    case "contains":
      return { encoding, forms: forms.map(around) };
    case "startswith":
      return { encoding, forms: forms.map(openEnd) };
    case "endswith":
      return { encoding, forms: forms.map(openStart) };
    case "windash":
      return { encoding, forms: forms.map(withAnyDash) };
    case "base64":
    case "base64offset":
      return inBase64(name, draft);
    default: {
      const wanted = UTF16[name];
      if (wanted === undefined) return draft;
      if (encoding !== "utf8") return `\`${name}\` can't encode what is already encoded`;
      return { encoding: wanted, forms };
    }
  }
}

function inBase64(name: "base64" | "base64offset", draft: Draft): Draft | string {
  const forms: Piece[][] = [];
  for (const pieces of draft.forms) {
    const plain = plainText(pieces);
    if (plain === undefined)
      return `\`${name}\` can't encode wildcards, nor what comes after contains or windash`;
    const bytes = bytesOf(plain, draft.encoding);
    const texts = name === "base64" ? [base64(bytes)] : base64Offsets(bytes);
    if (texts.includes("")) return `the value is too short for \`${name}\``;
    forms.push(...texts.map((text): Piece[] => [{ kind: "text", text }]));
  }
  return { forms, encoding: "utf8" };
}

/** What remains to be compared of a value whose last step was an encoding: its bytes as text. */
function encoded({ forms, encoding }: Draft): readonly (readonly Piece[])[] {
  if (encoding === "utf8") return forms;
  const inner = encoding === "utf16" ? "utf16le" : encoding;
  const bodies = forms.map((pieces) =>
    pieces.map(
      (piece): Piece =>
        piece.kind === "text" ? { kind: "text", text: bytesAsText(bytesOf(piece.text, inner)) } : piece,
    ),
  );
  if (encoding !== "utf16") return bodies;
  return bodies.flatMap((pieces) => ["\u00ff\u00fe", "\ufeff"].map((mark) => marked(pieces, mark)));
}

/** The byte order mark stands before the first literal: logs show it as its bytes, or as the one character. */
function marked(pieces: readonly Piece[], mark: string): Piece[] {
  const first = pieces.findIndex((piece) => piece.kind !== "any");
  const at = Math.max(first, 0);
  return [...pieces.slice(0, at), { kind: "text", text: mark }, ...pieces.slice(at)];
}

const openStart = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces[0]?.kind === "any" ? pieces : [ANY, ...pieces];
const openEnd = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.at(-1)?.kind === "any" ? pieces : [...pieces, ANY];
const around = (pieces: readonly Piece[]): readonly Piece[] => openStart(openEnd(pieces));
