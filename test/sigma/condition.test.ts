import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, parseCondition } from "../../src/sigma/condition.js";
import { matches, refusals } from "./rules.js";

/** Searches a, b, c, filter_1, filter_2 and _hidden, each true when the field of its name is 1. */
const SEARCHES = ["a", "b", "c", "filter_1", "filter_2", "_hidden"]
  .map((name) => `${name}:\n  ${name}: 1`)
  .join("\n");

const holds = (condition: string, ...names: string[]): boolean =>
  matches(`${SEARCHES}\ncondition: ${condition}`, Object.fromEntries(names.map((name) => [name, 1])));

/** A condition, searches with which it holds, and searches with which it nearly does. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a", ["a"], ["b"]],
  ["a and b", ["a", "b"], ["a"]],
  ["a or b", ["b"], ["c"]],
  ["not a", ["b"], ["a"]],
  ["a and not b", ["a"], ["a", "b"]],
  ["a or b and c", ["a"], ["b"]],
  ["a and b or c", ["c"], ["a"]],
  ["(a or b) and c", ["b", "c"], ["a", "b"]],
  ["not a and b", ["b"], ["a", "b"]],
  ["not a or b", ["a", "b"], ["a"]],
  ["not (a or b)", ["c"], ["b"]],
  ["not (a and b)", ["a"], ["a", "b"]],
  ["not not a", ["a"], ["b"]],
  ["a and not (b or c)", ["a"], ["a", "c"]],
  ["( ( a ) )", ["a"], []],
  ["1 of them", ["filter_2"], ["_hidden"]],
  ["any of them", ["c"], ["_hidden"]],
  ["all of them", ["a", "b", "c", "filter_1", "filter_2"], ["a", "b", "c", "filter_1", "_hidden"]],
  ["1 of filter_*", ["filter_1"], ["a"]],
  ["all of filter_*", ["filter_1", "filter_2"], ["filter_1"]],
  ["1 of *_1", ["filter_1"], ["filter_2"]],
  ["1 of f*_2", ["filter_2"], ["filter_1"]],
  ["1 of *", ["a"], ["_hidden"]],
  ["1 of _*", ["_hidden"], ["a"]],
  ["1 of filter_1", ["filter_1"], ["filter_2"]],
  ["a and not 1 of filter_*", ["a"], ["a", "filter_2"]],
  ["a and not all of filter_*", ["a", "filter_1"], ["a", "filter_1", "filter_2"]],
  ["1 of filter_* and a or b", ["b"], ["a"]],
  ["a AND NOT b", ["a"], ["a", "b"]],
  ["(a)and(b)", ["a", "b"], ["b"]],
  ["_hidden", ["_hidden"], ["a"]],
];

describe("conditions", () => {
  it.each(CASES)("%s", (condition, hit, miss) => {
    expect(holds(condition, ...hit)).toBe(true);
    expect(holds(condition, ...miss)).toBe(false);
  });

  it("several conditions are alternatives", () => {
    expect(holds("[a and b, c]", "c")).toBe(true);
    expect(holds("[a and b, c]", "a")).toBe(false);
  });

  it("names may hold dots, dashes and bars where a pattern reaches them", () => {
    const detection = "se-l.1:\n  A: x\nsel|2:\n  A: y\n";
    expect(matches(`${detection}condition: se-l.1`, { A: "x" })).toBe(true);
    expect(matches(`${detection}condition: 1 of sel*`, { A: "y" })).toBe(true);
  });

  it("may be written over several lines", () => {
    expect(holds(">-\n  a and\n  not b", "a")).toBe(true);
    expect(holds("|\n  a\n  and b", "a")).toBe(false);
  });

  it.each([
    ["", "the condition is empty"],
    ["a and", "the condition ends where a search identifier is expected"],
    ["a b", "`b` is unexpected; `and` or `or` is missing?"],
    ["(a", "the condition ends where `)` is expected"],
    ["a)", "`)` is unexpected; `and` or `or` is missing?"],
    ["and a", "a search identifier is expected instead of `and`"],
    ["()", "a search identifier is expected instead of `)`"],
    ["2 of them", "Sigma knows `1 of` and `all of`, not `2 of`"],
    ["1 of", "the condition ends where a search identifier pattern or `them` is expected"],
    ["1 of (a, b)", "a search identifier pattern is expected instead of `(`"],
    ["them", "`them` stands only after `1 of` or `all of`"],
    ["a*", "`a*` needs `1 of` or `all of` before it"],
    ["a | count() > 5", "aggregations after `|` are gone from Sigma; write a correlation rule"],
    ["not", "the condition ends where a search identifier is expected"],
  ])("refuses `%s`", (condition, reason) => {
    const [problem = "", ...more] = refusals(`a:\n  A: x\ncondition: '${condition}'`);
    expect(more).toEqual([]);
    expect(problem.replace(/^\S+ /, "")).toBe(reason);
  });

  it("tells the place of each name that leads nowhere", () => {
    expect(refusals("a:\n  A: x\ncondition: a and nope or 1 of no_*")).toEqual([
      "8:20 there is no search identifier `nope`",
      "8:33 no search identifier is called `no_*`",
    ]);
    expect(refusals("a:\n  A: x\ncondition: 'a or  nope'")).toEqual([
      "8:21 there is no search identifier `nope`",
    ]);
  });
});

describe("the condition grammar", () => {
  const place = () => ({ line: 1, column: 1 });

  it("reads back what is written with the fewest parentheses", () => {
    const condition = fc.letrec<{ node: Condition }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("a", "b", "c").map((name): Condition => ({ kind: "name", name, at: place() })),
        fc.constantFrom("them", "x_*").map((pattern): Condition => ({ kind: "some", pattern, at: place() })),
        tie("node").map((of): Condition => ({ kind: "not", of })),
        fc
          .tuple(fc.constantFrom("and", "or"), fc.array(tie("node"), { minLength: 2, maxLength: 4 }))
          .map(([kind, of]): Condition => ({ kind, of })),
      ),
    })).node;
    fc.assert(
      fc.property(condition, (tree) => {
        expect(value(parseCondition(write(tree, 0), place))).toEqual(value(tree));
      }),
    );
  });

  it("never does worse than refuse", () => {
    const words = fc.constantFrom("a", "and", "or", "not", "(", ")", "1", "all", "of", "them", "*", "", "|");
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (list) => {
        try {
          parseCondition(list.join(" "), place);
        } catch (error) {
          expect(error).toHaveProperty("name", "ConditionError");
        }
      }),
    );
  });

  it.each(["(", "not ", "not ("])("refuses %s a hundred thousand times over", (text) => {
    expect(() => parseCondition(text.repeat(100_000), place)).toThrow("nests too deeply");
  });
});

const BINDING = { or: 1, and: 2, not: 3 } as const;

function write(node: Condition, outer: number): string {
  switch (node.kind) {
    case "name":
      return node.name;
    case "some":
    case "every":
      return `${node.kind === "some" ? "1" : "all"} of ${node.pattern}`;
    case "not":
      return outer > BINDING.not
        ? `(not ${write(node.of, BINDING.not)})`
        : `not ${write(node.of, BINDING.not)}`;
    case "and":
    case "or": {
      const binding = BINDING[node.kind];
      const text = node.of.map((one) => write(one, binding)).join(` ${node.kind} `);
      return outer > binding ? `(${text})` : text;
    }
  }
}

/** The truth of a condition for every truth of its names: what precedence is about. */
function value(node: Condition): boolean[] {
  return Array.from({ length: 32 }, (_, bits) => truth(node, bits));
}

function truth(node: Condition, bits: number): boolean {
  switch (node.kind) {
    case "name":
      return (bits & (1 << "abc".indexOf(node.name))) !== 0;
    case "some":
    case "every":
      return (bits & (node.pattern === "them" ? 8 : 16)) !== 0;
    case "not":
      return !truth(node.of, bits);
    case "and":
      return node.of.every((one) => truth(one, bits));
    case "or":
      return node.of.some((one) => truth(one, bits));
  }
}
