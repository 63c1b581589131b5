import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/terminal/cell.js";
import { findText } from "../../src/terminal/findText.js";
import { renderRow } from "../../src/terminal/renderRow.js";
import { safeText, safeWidth } from "../../src/terminal/safeText.js";
import { Screen } from "../../src/terminal/screen.js";
import { hostileSequences } from "./sequences.js";

const screenOf = (text: string, cols = 20, rows = 6): Screen => {
  const screen = new Screen(cols, rows);
  screen.write(Buffer.from(text));
  return screen;
};

const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\u00a0\p{Variation_Selector}\p{Default_Ignorable_Code_Point}]/u;

describe("safe text", () => {
  it("lets ordinary text of any script pass", () => {
    for (const text of [
      "ls -la ~",
      "größe",
      "日本語",
      "עברית",
      "e\u0301",
      "→ ✓ █ │",
      "🎉",
      "\ue0b0",
      "हिन्दी",
    ])
      expect(safeText(text)).toBe(text);
  });

  it("shows controls as U+FFFD and drops what is invisible", () => {
    expect(safeText("a\x1b[2Jb\x07\x9b\x7f")).toBe("a\ufffd[2Jb\ufffd\ufffd\ufffd");
    expect(safeText("a\u202egnp.exe\u2066x\u2069\u200f\u061c")).toBe("agnp.exex");
    expect(safeText("Coo\u200bk\u2060i\ufeffes\u{e0041}\ufe0f")).toBe("Cookies");
    expect(safeText("a\u00a0b\u3000c\u2028d\te\nf")).toBe("a b  c d e f");
    expect(safeText("\ud800x\uffff")).toBe("\ufffdx\ufffd");
    expect(safeText(`e${"\u0301".repeat(50)}`)).toBe(`e${"\u0301".repeat(4)}`);
    expect(safeText("\u0301\u0301")).toBe("");
  });

  it("never lets anything else pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(safeText(text)).not.toMatch(UNSAFE);
        expect(safeText(safeText(text))).toBe(safeText(text));
      }),
    );
  });
});

describe("a rendered row", () => {
  it("is made of runs of one style, with the marked cells apart", () => {
    const screen = screenOf("ab\x1b[1mcd\x1b[0me");
    expect(renderRow(screen, 0, { to: 6, marks: [{ kind: "flag", row: 0, from: 1, to: 3 }] })).toEqual([
      { text: "a", style: PLAIN, mark: undefined },
      { text: "b", style: PLAIN, mark: "flag" },
      { text: "c", style: { ...PLAIN, bold: true }, mark: "flag" },
      { text: "d", style: { ...PLAIN, bold: true }, mark: undefined },
      { text: "e ", style: PLAIN, mark: undefined },
    ]);
  });

  it("blanks wide characters that the edge of the view cuts", () => {
    const screen = screenOf("漢字漢");
    const text = (from: number, to: number) =>
      renderRow(screen, 0, { from, to })
        .map((segment) => segment.text)
        .join("");
    expect(text(1, 5)).toBe(" 字 ");
    expect(text(0, 4)).toBe("漢字");
  });

  it("is safe and as wide as the view, whatever was recorded", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileSequences, fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 50 }),
        fc.nat(10),
        (parts, from) => {
          const screen = screenOf(parts.join(""), 12, 5);
          for (let row = 0; row < 5; row++) {
            const text = renderRow(screen, row, { from, to: 11 })
              .map((segment) => segment.text)
              .join("");
            expect(text).not.toMatch(UNSAFE);
            expect(safeWidth(text)).toBe(Math.max(0, 11 - from));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("finding a text on the screen", () => {
  it("finds it in a row, and the last place when there are several", () => {
    expect(findText(screenOf("$ cat Cookies\r\n$ cat Cookies"), "cat Cookies")).toEqual([
      { row: 1, from: 2, to: 13 },
    ]);
  });

  it("finds it across rows that the terminal wrapped", () => {
    expect(findText(screenOf(`${"x".repeat(15)} cat Cookies`), "cat Cookies")).toEqual([
      { row: 0, from: 16, to: 19 },
      { row: 1, from: 0, to: 7 },
    ]);
  });

  it("finds it broken and indented inside a box, whatever the blanks", () => {
    const box = "╭─────────────╮\r\n│ cp ~/.config│\r\n│   /Cookies  │\r\n│   /tmp/ck   │\r\n╰─────────────╯";
    expect(findText(screenOf(box), "cp ~/.config/Cookies /tmp/ck")).toEqual([
      { row: 1, from: 2, to: 14 },
      { row: 2, from: 4, to: 12 },
      { row: 3, from: 4, to: 11 },
    ]);
  });

  it("does not find what is not there, or too short to mean anything", () => {
    expect(findText(screenOf("cat Cook"), "cat Cookies")).toBeUndefined();
    expect(findText(screenOf("x"), "x")).toBeUndefined();
    expect(findText(screenOf(""), " │ ")).toBeUndefined();
  });
});
