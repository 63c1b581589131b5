import { describe, expect, it } from "vitest";
import { load } from "./rules.js";
import { completed, correlation, RULES, rule, run, type Step, times } from "./steps.js";

describe("event_count", () => {
  const three = "type: event_count\nrules: [a]\ntimespan: 10s\ncondition: { gte: 3 }";

  it("counts within the timespan", () => {
    expect(
      completed(three, [
        [0, "a"],
        [5, "a"],
        [10, "a"],
      ]),
    ).toEqual([10]);
    expect(
      completed(three, [
        [0, "a"],
        [5, "a"],
        [10.1, "a"],
      ]),
    ).toEqual([]);
    expect(
      completed(three, [
        [0, "a"],
        [5, "b"],
        [10, "a"],
      ]),
    ).toEqual([]);
  });

  it("slides: a later event may complete what the first fell out of", () => {
    expect(
      completed(three, [
        [0, "a"],
        [8, "a"],
        [12, "a"],
        [17, "a"],
      ]),
    ).toEqual([17]);
  });

  it("counts anew after a match", () => {
    const flood = Array.from({ length: 7 }, (_, i): Step => [i, "a"]);
    expect(completed(three, flood)).toEqual([2, 5]);
  });

  it("counts groups by themselves, and leaves out events that lack a field", () => {
    const grouped = `${three}\ngroup-by: [user, host]`;
    const u = { user: "u", host: "h" };
    expect(
      completed(grouped, [
        [0, "a", u],
        [1, "a", { user: "v", host: "h" }],
        [2, "a", u],
        [3, "a", u],
      ]),
    ).toEqual([3]);
    expect(
      completed(grouped, [
        [0, "a", u],
        [1, "a", { user: "u" }],
        [2, "a", u],
      ]),
    ).toEqual([]);
  });

  it("counts an event that several rules see once", () => {
    const both = `${rule("a")}title: also\nname: also\nlogsource: { category: c }\ndetection: { s: { do: a }, condition: s }\n---\n`;
    const body = "type: event_count\nrules: [a, also]\ntimespan: 10s\ncondition: { gte: 2 }";
    expect(
      times(
        run(both + correlation(body), [
          [0, "a"],
          [1, "a"],
        ]),
      ),
    ).toEqual([1]);
  });

  it.each([
    ["{ gt: 2 }", [3]],
    ["{ gte: 2, lte: 3 }", [2]],
    ["{ eq: 3 }", [3]],
    ["{ lt: 2 }", [1]],
    ["{ neq: 1 }", [2]],
  ])("%s", (condition, expected) => {
    const body = `type: event_count\nrules: [a]\ntimespan: 10s\ncondition: ${condition}`;
    expect(
      completed(body, [
        [1, "a"],
        [2, "a"],
        [3, "a"],
        [4, "a"],
      ]),
    ).toEqual(expected);
  });

  it("lists group, figure and events", () => {
    const [match] = run(RULES + correlation(`${three}\ngroup-by: [user]`), [
      [0, "a", { user: "u" }],
      [1, "a", { user: 7 }],
      [2, "a", { user: "u" }],
      [3, "a", { user: "u" }],
    ]);
    expect(match).toMatchObject({ group: { user: "u" }, value: 3, at: 3_000_000 });
    expect(match?.events.map(({ rule: { id }, at }) => [id, at / 1_000_000])).toEqual([
      ["a", 0],
      ["a", 2],
      ["a", 3],
    ]);
  });

  it("takes a time that runs back for the latest one", () => {
    expect(
      completed(three, [
        [0, "a"],
        [20, "a"],
        [1, "a"],
        [2, "a"],
      ]),
    ).toEqual([20]);
  });
});

describe("value_count", () => {
  const users = "type: value_count\nrules: [a]\ntimespan: 10s\ncondition: { field: user, gte: 3 }";
  const by = (seconds: number, user: string): Step => [seconds, "a", { user }];

  it("counts different values", () => {
    expect(completed(users, [by(0, "u"), by(1, "v"), by(2, "w")])).toEqual([2]);
    expect(completed(users, [by(0, "u"), by(1, "v"), by(2, "v"), [3, "a"]])).toEqual([]);
  });

  it("forgets a value when its last event falls out", () => {
    expect(completed(users, [by(0, "u"), by(5, "v"), by(11, "w")])).toEqual([]);
    expect(completed(users, [by(0, "u"), by(3, "u"), by(5, "v"), by(11, "w")])).toEqual([11]);
  });

  it("counts several fields together", () => {
    const pairs = "type: value_count\nrules: [a]\ntimespan: 10s\ncondition: { field: [user, host], gte: 2 }";
    expect(
      completed(pairs, [
        [0, "a", { user: "u", host: "h" }],
        [1, "a", { user: "u", host: "i" }],
      ]),
    ).toEqual([1]);
    expect(
      completed(pairs, [
        [0, "a", { user: "u", host: "h" }],
        [1, "a", { user: "v" }],
      ]),
    ).toEqual([]);
  });
});

describe("sums, averages, percentiles", () => {
  const sent = (...values: (number | string)[]): Step[] => values.map((bytes, i) => [i, "a", { bytes }]);
  const body = (type: string, condition: string): string =>
    `type: ${type}\nrules: [a]\ntimespan: 10s\ncondition: { field: bytes, ${condition} }`;

  it("value_sum", () => {
    expect(completed(body("value_sum", "gt: 100"), sent(60, "40", 1))).toEqual([2]);
    expect(completed(body("value_sum", "gt: 100"), sent(60, 40, "many"))).toEqual([]);
    expect(
      completed(body("value_sum", "gt: 100"), [
        [0, "a", { bytes: 60 }],
        [11, "a", { bytes: 60 }],
      ]),
    ).toEqual([]);
  });

  it("value_avg, told once a timespan", () => {
    expect(completed(body("value_avg", "gt: 500"), sent(400, 700, 700))).toEqual([1]);
    expect(completed(body("value_avg", "gt: 500"), sent(400, 500, 600))).toEqual([]);
    const long = Array.from({ length: 25 }, (_, i): Step => [i, "a", { bytes: 900 }]);
    expect(completed(body("value_avg", "gt: 500"), long)).toEqual([0, 10, 20]);
  });

  it("value_percentile: the median", () => {
    expect(completed(body("value_percentile", "percentile: 50, gte: 10"), sent(1, 2, 30, 40))).toEqual([3]);
    expect(completed(body("value_percentile", "percentile: 50, gte: 10"), sent(1, 2, 3, 400))).toEqual([]);
  });

  it("value_percentile without a percentile: the share of a value", () => {
    const rare = "type: value_percentile\nrules: [a]\ntimespan: 1h\ncondition: { field: image, lte: 1 }";
    const usual = Array.from({ length: 99 }, (_, i): Step => [i, "a", { image: "sh" }]);
    expect(completed(rare, [...usual, [100, "a", { image: "miner" }]])).toEqual([100]);
    expect(completed(rare, [...usual.slice(1), [100, "a", { image: "miner" }]])).toEqual([]);
  });
});

describe("refused correlations", () => {
  it.each([
    ["type: nonsense\nrules: [a]\ntimespan: 1m", ["`type` is `nonsense`, not one of"]],
    ["rules: [a]\ntimespan: 1m\ncondition: { gte: 1 }", ["`type` is missing"]],
    ["type: event_count\ntimespan: 1m\ncondition: { gte: 1 }", ["`rules` names no rule"]],
    ["type: event_count\nrules: [a]\ncondition: { gte: 1 }", ["`timespan` is missing"]],
    ["type: event_count\nrules: [a]\ntimespan: 1M\ncondition: { gte: 1 }", ["`1M` is no timespan"]],
    ["type: event_count\nrules: [a]\ntimespan: 1m", ["`condition` is missing"]],
    ["type: event_count\nrules: [a]\ntimespan: 1m\ncondition: {}", ["compares with nothing"]],
    ["type: event_count\nrules: [a]\ntimespan: 1m\ncondition: { gte: many }", ["`gte` must be a number"]],
    [
      "type: event_count\nrules: [a]\ntimespan: 1m\ncondition: { gte: 1000000 }",
      ["may not ask for more than"],
    ],
    ["type: event_count\nrules: [a]\ntimespan: 1m\ncondition: a", ["must be a map"]],
    ["type: event_count\nrules: [a]\ntimespan: 1m\ncondition: { over: 9 }", ["`over` is no condition"]],
    ["type: value_count\nrules: [a]\ntimespan: 1m\ncondition: { gte: 1 }", ["needs a `field`"]],
    [
      "type: value_sum\nrules: [a]\ntimespan: 1m\ncondition: { field: [x, y], gte: 1 }",
      ["takes one `field`"],
    ],
    [
      "type: value_percentile\nrules: [a]\ntimespan: 1m\ncondition: { field: x, percentile: 101, gte: 1 }",
      ["between 0"],
    ],
    ["type: temporal\nrules: [a, nope]\ntimespan: 1m", ["there is no rule `nope`"]],
    ["type: temporal\nrules: [a, corr]\ntimespan: 1m", ["there is no rule `corr`"]],
    [
      "type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: a and c",
      ["what is asked of `b`", "`c` is none of"],
    ],
    [
      "type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: 1 of them",
      ["of `a`", "of `b`", "names each rule"],
    ],
    ["type: temporal\nrules: [a]\ntimespan: 1m\naliases: { x: { b: y } }", ["names `b`, which is none"]],
    ["type: temporal\nrules: [a]\ntimespan: 1m\nwithin: 5m", ["`within` is no key"]],
  ])("%s", (body, reasons) => {
    const { problems, ruleset } = load(RULES + correlation(body));
    expect(problems.map(({ reason }) => reason)).toEqual(
      reasons.map((reason) => expect.stringContaining(reason)),
    );
    expect(ruleset.correlations).toEqual([]);
    expect(problems.every(({ line }) => line > 15)).toBe(true);
  });

  it("that turn in a circle, or rest on a refused rule", () => {
    const one = correlation("type: temporal\nrules: [a, two]\ntimespan: 1m", "one");
    const two = correlation("type: temporal\nrules: [b, one]\ntimespan: 1m", "two");
    const three = correlation("type: temporal\nrules: [c, one]\ntimespan: 1m", "three");
    const { problems, ruleset } = load(RULES + one + two + three);
    expect(problems).toHaveLength(3);
    expect(ruleset.correlations).toEqual([]);
  });

  it("that could mean several rules", () => {
    const { problems } = load(RULES + rule("a") + correlation("type: temporal\nrules: [a, b]\ntimespan: 1m"));
    expect(problems.map(({ reason }) => reason)).toEqual(["several rules are called `a`"]);
  });
});

describe("memory", () => {
  it("stays bounded however many groups and events there are", () => {
    const body =
      "type: value_count\nrules: [a]\ntimespan: 1d\ngroup-by: [user]\ncondition: { field: v, gte: 50 }";
    const { ruleset } = load(RULES + correlation(body));
    const correlator = ruleset.correlator();
    const [match] = ruleset.match({ category: "c", fields: { do: "a" } });
    if (match === undefined) throw new Error("no match");
    let completedCount = 0;
    for (let i = 0; i < 60_000; i++) {
      const event = { category: "c", fields: { user: `u${i % 30_000}`, v: i } };
      completedCount += correlator.feed(event, [match], i).length;
    }
    expect(completedCount).toBe(0);
    for (let i = 0; i < 50; i++)
      completedCount += correlator.feed(
        { category: "c", fields: { user: "z", v: i } },
        [match],
        60_000 + i,
      ).length;
    expect(completedCount).toBe(1);
  });
});
