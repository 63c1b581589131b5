import { describe, expect, it } from "vitest";
import { load } from "./rules.js";
import { completed, correlation, RULES, rule, run, type Step, times } from "./steps.js";

describe("temporal", () => {
  const both = "type: temporal\nrules: [a, b]\ntimespan: 10s\ngroup-by: [user]";
  const u = { user: "u" };

  it("wants all rules within the timespan, in any order", () => {
    expect(
      completed(both, [
        [0, "b", u],
        [10, "a", u],
      ]),
    ).toEqual([10]);
    expect(
      completed(both, [
        [0, "b", u],
        [11, "a", u],
      ]),
    ).toEqual([]);
    expect(
      completed(both, [
        [0, "a", u],
        [1, "a", u],
      ]),
    ).toEqual([]);
    expect(
      completed(both, [
        [0, "b", u],
        [1, "a", { user: "v" }],
      ]),
    ).toEqual([]);
  });

  it("can count the rules instead", () => {
    const two = "type: temporal\nrules: [a, b, c]\ntimespan: 10s\ncondition: { gte: 2 }";
    expect(
      completed(two, [
        [0, "c"],
        [1, "c"],
        [2, "a"],
      ]),
    ).toEqual([2]);
    expect(
      completed(two, [
        [0, "c"],
        [1, "c"],
      ]),
    ).toEqual([]);
  });

  it("tells each pair once", () => {
    expect(
      completed(both, [
        [0, "a", u],
        [1, "b", u],
        [2, "b", u],
        [3, "a", u],
      ]),
    ).toEqual([1, 3]);
  });

  it("reads alias fields by rule", () => {
    const aliased = `type: temporal
rules: [a, b]
timespan: 10s
group-by: [ip]
aliases:
  ip: { a: src, b: dst }`;
    expect(
      completed(aliased, [
        [0, "a", { src: "1", dst: "2" }],
        [1, "b", { src: "3", dst: "1" }],
      ]),
    ).toEqual([1]);
    expect(
      completed(aliased, [
        [0, "a", { src: "1", dst: "2" }],
        [1, "b", { src: "1", dst: "3" }],
      ]),
    ).toEqual([]);
  });

  it("takes a condition over the rules", () => {
    const extended = "type: temporal\nrules: [a, b, c]\ntimespan: 10s\ncondition: (a or b) and not c";
    expect(completed(extended, [[0, "b"]])).toEqual([0]);
    expect(
      completed(extended, [
        [0, "c"],
        [5, "b"],
      ]),
    ).toEqual([]);
    expect(
      completed(extended, [
        [0, "c"],
        [11, "b"],
      ]),
    ).toEqual([11]);
    expect(
      completed("type: temporal\ntimespan: 10s\ncondition: a and b", [
        [0, "b"],
        [1, "a"],
      ]),
    ).toEqual([1]);
  });
});

describe("temporal_ordered", () => {
  const chain = "type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s";

  it("wants the order of the rules", () => {
    expect(
      completed(chain, [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ]),
    ).toEqual([2]);
    expect(
      completed(chain, [
        [0, "b"],
        [1, "a"],
        [2, "c"],
      ]),
    ).toEqual([]);
    expect(
      completed(chain, [
        [0, "a"],
        [1, "c"],
        [2, "b"],
      ]),
    ).toEqual([]);
  });

  it("finds the sequence that is still in time among others", () => {
    expect(
      completed(chain, [
        [0, "a"],
        [5, "a"],
        [6, "b"],
        [14, "c"],
      ]),
    ).toEqual([14]);
    expect(
      completed(chain, [
        [0, "a"],
        [6, "b"],
        [7, "a"],
        [11, "c"],
      ]),
    ).toEqual([]);
    expect(
      completed(chain, [
        [0, "a"],
        [1, "b"],
        [2, "b"],
        [3, "a"],
        [4, "c"],
      ]),
    ).toEqual([4]);
  });

  it("keeps the order of events of the same time, and never counts one event twice", () => {
    expect(
      completed(chain, [
        [0, "a"],
        [0, "b"],
        [0, "c"],
      ]),
    ).toEqual([0]);
    const twice = `${rule("a")}title: also\nname: also\nlogsource: { category: c }\ndetection: { s: { do: a }, condition: s }\n---\n`;
    const body = "type: temporal_ordered\nrules: [a, also]\ntimespan: 10s";
    expect(times(run(twice + correlation(body), [[0, "a"]]))).toEqual([]);
    expect(
      times(
        run(twice + correlation(body), [
          [0, "a"],
          [1, "a"],
        ]),
      ),
    ).toEqual([1]);
  });

  it("lists the events of the sequence", () => {
    const [match] = run(RULES + correlation(chain), [
      [0, "a"],
      [1, "a"],
      [2, "b"],
      [3, "a"],
      [4, "c"],
    ]);
    expect(match?.events.map(({ at }) => at / 1_000_000)).toEqual([1, 2, 4]);
    expect(match?.value).toBe(3);
  });

  it("can do with some of the rules, in order", () => {
    const two = `${chain}\ncondition: { gte: 2 }`;
    expect(
      completed(two, [
        [0, "a"],
        [1, "c"],
      ]),
    ).toEqual([1]);
    expect(
      completed(two, [
        [0, "c"],
        [1, "a"],
      ]),
    ).toEqual([]);
  });

  it("takes a condition, whose `and` is in order", () => {
    const extended = "type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s\ncondition: (a or b) and c";
    expect(
      completed(extended, [
        [0, "b"],
        [1, "c"],
      ]),
    ).toEqual([1]);
    expect(
      completed(extended, [
        [0, "c"],
        [1, "b"],
      ]),
    ).toEqual([]);
    const without = "type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s\ncondition: a and not b and c";
    expect(
      completed(without, [
        [0, "a"],
        [1, "c"],
      ]),
    ).toEqual([1]);
    expect(
      completed(without, [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ]),
    ).toEqual([]);
  });
});

describe("chains of correlations", () => {
  const failed = correlation(
    "type: event_count\nrules: [a]\ngroup-by: [host]\ntimespan: 10m\ncondition: { gte: 3 }",
    "failed",
  );
  const outer = correlation("type: temporal_ordered\nrules: [failed, b]\ngroup-by: [user]\ntimespan: 10m");
  const who = { host: "h", user: "u" };
  const minutes = (...steps: Step[]): Step[] =>
    steps.map(([at, what, fields]) => [at * 60, what, fields ?? who]);

  it("many failed logins, then a successful one", () => {
    const steps = minutes([0, "a"], [1, "a"], [2, "a"], [3, "b"]);
    const [match, ...more] = run(RULES + outer + failed, steps);
    expect(more).toEqual([]);
    expect(match?.rule.name).toBe("corr");
    expect(match?.group).toEqual({ user: "u" });
    expect(match?.events.map(({ rule: { id } }) => id)).toEqual(["a", "a", "a", "b"]);
    expect(run(RULES + outer + failed, minutes([0, "a"], [1, "a"], [3, "b"]))).toEqual([]);
    expect(
      run(RULES + outer + failed, minutes([0, "a"], [1, "a"], [2, "a"], [3, "b", { host: "h", user: "v" }])),
    ).toEqual([]);
  });

  it("an inner correlation goes on holding while its events do, though it was told", () => {
    const steps = minutes([0, "a"], [1, "a"], [2, "a"], [9, "a"], [18, "b"]);
    expect(times(run(RULES + failed + outer, steps))).toEqual([18 * 60]);
  });

  it("inner ones are told by themselves only with generate", () => {
    const steps = minutes([0, "a"], [1, "a"], [2, "a"]);
    expect(run(RULES + failed + outer, steps)).toEqual([]);
    const generating = outer.replace("correlation:", "generate: true\ncorrelation:");
    expect(run(RULES + failed + generating, steps).map(({ rule: { name } }) => name)).toEqual(["failed"]);
  });

  it("counts matches of an inner one, not its events", () => {
    const count = correlation("type: event_count\nrules: [failed]\ntimespan: 1h\ncondition: { gte: 2 }");
    expect(
      times(run(RULES + failed + count, minutes([0, "a"], [1, "a"], [2, "a"], [3, "a"], [4, "a"]))),
    ).toEqual([]);
    const six = minutes([0, "a"], [1, "a"], [2, "a"], [3, "a"], [4, "a"], [5, "a"]);
    expect(times(run(RULES + failed + count, six))).toEqual([300]);
  });

  it("takes an alias of the inner one as a field", () => {
    const inner = correlation(
      "type: temporal\nrules: [a, b]\ntimespan: 1m\ngroup-by: [ip]\naliases: { ip: { a: src, b: dst } }",
      "inner",
    );
    const around = correlation("type: temporal_ordered\nrules: [inner, c]\ntimespan: 1m\ngroup-by: [ip]");
    const steps: Step[] = [
      [0, "a", { src: "1" }],
      [1, "b", { dst: "1" }],
      [2, "c", { ip: "1" }],
    ];
    expect(times(run(RULES + inner + around, steps))).toEqual([2]);
  });
});

describe("rules that are parts of correlations", () => {
  const standalone = (yaml: string): boolean | undefined => {
    const { ruleset } = load(yaml);
    return ruleset.match({ category: "c", fields: { do: "a" } })[0]?.standalone;
  };
  const body = "type: event_count\nrules: [a]\ntimespan: 10s\ncondition: { gte: 3 }";

  it("stand alone only without a correlation, or with generate", () => {
    expect(standalone(RULES)).toBe(true);
    expect(standalone(RULES + correlation(body))).toBe(false);
    expect(standalone(RULES + correlation(`${body}\ngenerate: true`))).toBe(true);
  });
});
