import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/sigma/fold.js";
import { Pattern } from "../../src/sigma/pattern.js";
import { DASHES, type Piece, readPieces, withAnyDash } from "../../src/sigma/wildcard.js";

/** Few characters, so that near misses are frequent. */
const text = fc.string({ unit: fc.constantFrom("a", "b", "A", "\\", "*", "?", "-", "😀"), maxLength: 12 });

/** What the specification says, in the simplest words: try everything. */
function naive(pieces: readonly Piece[], characters: readonly string[]): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return characters.length === 0;
  const [first, ...others] = characters;
  switch (piece.kind) {
    case "any":
      return naive(rest, characters) || (first !== undefined && naive(pieces, others));
    case "one":
      return first !== undefined && naive(rest, others);
    case "dash":
      return first !== undefined && DASHES.includes(first) && naive(rest, others);
    case "text": {
      const own = Array.from(piece.text);
      return (
        own.every((character, index) => character === characters[index]) &&
        naive(rest, characters.slice(own.length))
      );
    }
  }
}

describe("patterns", () => {
  it("match what a naive reading of them matches", () => {
    fc.assert(
      fc.property(text, text, (source, value) => {
        const pieces = readPieces(source);
        const pattern = new Pattern(pieces, true);
        const expected = naive(pieces, Array.from(value));
        expect(pattern.test(value)).toBe(expected);
        expect(pattern.find(value) !== undefined).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it("match what a naive reading matches, with any dash", () => {
    const dashed = fc.string({ unit: fc.constantFrom("-", "/", "–", "a", "*"), maxLength: 8 });
    fc.assert(
      fc.property(dashed, dashed, (source, value) => {
        const pieces = withAnyDash(readPieces(source));
        expect(new Pattern(pieces, true).test(value)).toBe(naive(pieces, Array.from(value)));
      }),
      { numRuns: 3000 },
    );
  });

  it("find a span that the pattern without its outer wildcards matches", () => {
    fc.assert(
      fc.property(text, text, (source, value) => {
        const pieces = readPieces(source);
        const span = new Pattern(pieces, true).find(value);
        if (span === undefined) return;
        const inner = pieces.filter(
          (piece, index) => piece.kind !== "any" || (index > 0 && index < pieces.length - 1),
        );
        const found = value.slice(span.start, span.end);
        if (inner.length > 0) expect(naive(inner, Array.from(found))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("hold their literals in whatever they match", () => {
    fc.assert(
      fc.property(text, text, (source, value) => {
        const pattern = new Pattern(readPieces(source), false);
        const folded = fold(value);
        if (pattern.test(folded)) for (const literal of pattern.literals) expect(folded).toContain(literal);
      }),
      { numRuns: 3000 },
    );
  });

  it("take no time worth speaking of for what would make a backtracking matcher hang", () => {
    const pattern = new Pattern(readPieces(`${"*a?".repeat(200)}b`), false);
    expect(pattern.test("a".repeat(100_000))).toBe(false);
  });
});

describe("folding", () => {
  it("keeps every character in its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(fold(value)).toHaveLength(value.length);
      }),
    );
    expect(fold("İstanbul ΟΔΟΣ ſ K")).toBe("İstanbul οδοσ s k");
  });

  it("is the same for a text and its upper case, for letters that have one", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "ä", "ς", "σ", "ж", "𐐨", "-") }), (value) => {
        expect(fold(value.toUpperCase())).toBe(fold(value));
      }),
    );
  });
});
