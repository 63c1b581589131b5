import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snippet } from "../../src/cli/snippet.js";
import { wantedText } from "../../src/session/search.js";

const cut = (text: string, hit: string, width: number) => {
  const start = text.indexOf(hit);
  return snippet(text, { start, end: start + hit.length }, width).join("|");
};

describe("a snippet", () => {
  it("shows what is around the hit, cut where there is no room", () => {
    expect(cut("a needle here", "needle", 80)).toBe("a |needle| here");
    expect(cut(`${"x".repeat(50)} needle ${"y".repeat(50)}`, "needle", 20)).toBe("…xxxxx |needle| yyyyy…");
    expect(cut(`needle ${"y".repeat(50)}`, "needle", 20)).toBe("|needle| yyyyyyyyyyyy…");
    expect(cut(`${"x".repeat(50)} needle`, "needle", 20)).toBe("…xxxxxxxxxxxx |needle|");
  });

  it("holds nothing that a terminal acts on, and is never longer than it may be", () => {
    const hostile = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(hostile, fc.nat(200), fc.integer({ min: 1, max: 30 }), (text, from, length) => {
        const wanted = text.slice(from % text.length, (from % text.length) + length);
        const span = wanted.trim() === "" ? undefined : wantedText(wanted).find(text);
        if (span === undefined) return;
        const shown = snippet(text, span, 60).join("");
        expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect([...shown].length).toBeLessThanOrEqual(62);
      }),
    );
  });
});
