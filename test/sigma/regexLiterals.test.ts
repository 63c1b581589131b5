import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/sigma/fold.js";
import { RegexCompiler } from "../../src/sigma/regex.js";
import { requiredLiterals } from "../../src/sigma/regexLiterals.js";

const FLAGS = { ignoreCase: true, multiLine: true, dotAll: true };

describe("literals that a regular expression requires", () => {
  it.each([
    ["abc", [["abc"]]],
    ["abc?d", [["ab"], ["d"]]],
    ["abc+d", [["abc"], ["d"]]],
    ["abc*d", [["ab"], ["d"]]],
    ["ab{0,3}c", [["a"], ["c"]]],
    ["ab{2}c", [["ab"], ["c"]]],
    ["(foo|bar)baz", [["foo", "bar"], ["baz"]]],
    ["(foo|)baz", [["baz"]]],
    ["(foo|bar)?baz", [["baz"]]],
    ["(?:foo)+", [["foo"]]],
    ["(?i)Foo\\s+(?P<x>Bar)", [["foo"], ["bar"]]],
    ["foo|bar", [["foo", "bar"]]],
    ["foo|b*", []],
    ["[abc]+\\.exe$", [[".exe"]]],
    ["[^]a]x[[:alpha:]]y", [["x"], ["y"]]],
    ["\\x41\\pL\\p{Greek}\\101b", [["b"]]],
    ["a{,3}b", [["a{,3}b"]]],
    ["straße", [["stra"], ["e"]]],
    ["\\Qa.b\\E", []],
  ])("%s", (source, expected) => {
    expect(requiredLiterals(source)).toEqual(expected);
  });

  /** Expressions of every kind RE2 knows. */
  const expression = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(
        "a",
        "b",
        "k",
        "S",
        ".",
        "\\.",
        "\\d",
        "\\b",
        "^",
        "$",
        "[ab]",
        "[^a]",
        "[]b]",
        "\\x61",
      ),
      fc.constantFrom(
        "\\pL",
        "\\101",
        "é",
        "{",
        "}",
        "-",
        "a{2}",
        "\\\\",
        "(?i)",
        "\\t",
        "[[:alpha:]]",
        "😀",
      ),
      fc.array(tie("node"), { maxLength: 4 }).map((parts) => parts.join("")),
      fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((parts) => `(${parts.join("|")})`),
      fc
        .tuple(tie("node"), fc.constantFrom("*", "+", "?", "{0}", "{0,2}", "{1,}", "{2}", "*?", "+?", "??"))
        .map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
      fc
        .tuple(fc.constantFrom("a", "b", "\\."), fc.constantFrom("*", "+", "?", "{2}", "{0,1}"))
        .map(([inner, quantifier]) => inner + quantifier),
    ),
  })).node;
  const haystack = fc.string({
    unit: fc.constantFrom("a", "b", "K", "\u212a", "ſ", ".", "A", "1", "-", "{", "\\", " "),
  });

  it("stand in whatever it matches", () => {
    let matched = 0;
    fc.assert(
      fc.property(expression, fc.array(haystack, { minLength: 20, maxLength: 20 }), (source, texts) => {
        const regex = new RegexCompiler().compile(source, FLAGS);
        if (typeof regex === "string") return;
        const required = requiredLiterals(source);
        for (const text of texts) {
          if (!regex.test(text)) continue;
          matched++;
          for (const list of required)
            expect(list.some((literal) => fold(text).includes(literal))).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(1000);
  });
});
