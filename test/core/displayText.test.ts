import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayText } from "../../src/core/displayText.js";

describe("text for a person's terminal", () => {
  it("holds nothing that a terminal would act on, and is one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(displayText(text)).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u,
        );
      }),
    );
  });

  it("leaves ordinary text alone", () => {
    for (const text of ["cp ~/x /tmp", "naïve café ─ 日本語 👍", ""]) expect(displayText(text)).toBe(text);
  });

  it("is cut to a length, by characters", () => {
    expect(displayText("👍".repeat(10), 4)).toBe("👍👍👍…");
  });
});
