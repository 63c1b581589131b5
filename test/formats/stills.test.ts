import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writePlainText } from "../../src/formats/plainText.js";
import { writeHtml } from "../../src/formats/screenHtml.js";
import { takeStill } from "../../src/formats/screenStill.js";
import { writeSvg } from "../../src/formats/screenSvg.js";
import { Screen } from "../../src/terminal/screen.js";
import { output, session } from "./sessions.js";

function screenOf(text: string, cols = 40, rows = 5): Screen {
  const screen = new Screen(cols, rows);
  screen.write(Buffer.from(text));
  return screen;
}

const HOSTILE = `</pre></style></svg><script>alert(1)</script><img src=x onerror="alert(1)">&amp;'"\u202e\u0085\ufdd0]]>`;

/** Every tag of a page or image, without what is inside its quotes. */
const tagsOf = (markup: string): readonly string[] =>
  [...new Set([...markup.matchAll(/<[!/]?\s*([^\s>/]*)/g)].map((found) => found[1] ?? ""))].sort();

describe("a still", () => {
  it("shows colours and styles as a terminal does", () => {
    const still = takeStill(
      screenOf(
        "\u001b[1;31mred\u001b[0m \u001b[7minv\u001b[0m \u001b[38;2;1;2;3;48;5;196mrgb\u001b[0m \u001b[8mhid\u001b[0m 字",
      ),
      "caption",
    );
    const runs = (still.rows[0] ?? []).map(({ text, column, width, fg, bg }) => [
      text,
      column,
      width,
      fg,
      bg,
    ]);
    expect(runs).toEqual([
      ["red", 0, 3, "#ff7b86", undefined],
      [" ", 3, 1, "#d8d8d8", undefined],
      ["inv", 4, 3, "#16181d", "#d8d8d8"],
      [" ", 7, 1, "#d8d8d8", undefined],
      ["rgb", 8, 3, "#010203", "#ff0000"],
      [" ", 11, 1, "#d8d8d8", undefined],
      ["   ", 12, 3, "#d8d8d8", undefined],
      [` 字${" ".repeat(22)}`, 15, 25, "#d8d8d8", undefined],
    ]);
  });

  it("is a page that runs and loads nothing, whatever is on the screen", () => {
    const page = writeHtml(takeStill(screenOf(HOSTILE, 200), HOSTILE));
    expect(tagsOf(page)).toEqual([
      "body",
      "doctype",
      "head",
      "html",
      "meta",
      "p",
      "pre",
      "span",
      "style",
      "title",
    ]);
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
    expect(page).not.toMatch(/\u202e|\u0085|\ufdd0/);
    expect(page).not.toMatch(/<[^>]*\s(style|on\w+|src|href)=/);
  });

  it("is an image that runs and loads nothing, whatever is on the screen", () => {
    const marks = [{ row: 0, from: 0, to: 5, kind: "flag" }] as const;
    const image = writeSvg(takeStill(screenOf(HOSTILE, 200), HOSTILE, marks));
    expect(tagsOf(image)).toEqual(["g", "rect", "svg", "text", "title"]);
    expect(image).toContain('stroke="#ffb000"');
    expect(image).not.toMatch(/\u202e|\u0085|\ufdd0|href|<[^>]*\son\w+=/);
  });

  it("has the same tags for anything", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\u001b[31m", "\u001b[1;4;9m", "<", ">", '"', "&"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const still = takeStill(screenOf(pieces.join("")), pieces.join(""));
        const known = ["body", "doctype", "head", "html", "meta", "p", "pre", "span", "style", "title"];
        expect(known).toEqual(expect.arrayContaining([...tagsOf(writeHtml(still))]));
        expect(["g", "rect", "svg", "text", "title"]).toEqual(
          expect.arrayContaining([...tagsOf(writeSvg(still))]),
        );
        expect(writeSvg(still)).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/u,
        );
      }),
    );
  });
});

describe("plain text", () => {
  const textOf = (...pieces: readonly string[]): string =>
    [...writePlainText(session(pieces.map((piece, n) => [n * 1_000_000, output(piece)] as const)))].join("");

  it("has each line that was seen, unwrapped", () => {
    const long = "word ".repeat(40).trim();
    expect(textOf(`\u001b[32m$\u001b[0m ls\r\n${long}\r\n`, "last")).toBe(`$ ls\n${long}\nlast\n`);
  });

  it("has what was erased again, once", () => {
    expect(textOf("secret plan\r\n\u001b[2J\u001b[Hdone\r\n", "\u001b[2J\u001b[Hdone\r\n")).toBe(
      "secret plan\ndone\n",
    );
  });

  it("holds nothing that a terminal acts on", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (pieces) => {
        expect(textOf(...pieces)).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
      }),
    );
  });
});
