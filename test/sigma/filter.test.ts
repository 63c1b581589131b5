import { describe, expect, it } from "vitest";
import { load } from "./rules.js";

const RULES = ["one", "two"]
  .map(
    (id) =>
      `title: ${id}\nid: ${id}\nlogsource: { category: process_creation, product: linux }\ndetection: { s: { A: x }, condition: s }\n---\n`,
  )
  .join("");

const filter = (body: string, logsource = "{ category: process_creation, product: linux }"): string =>
  `title: f\nlogsource: ${logsource}\nfilter: ${body}\n`;

function ids(yaml: string, user: string): string[] {
  const { ruleset, problems } = load(yaml);
  expect(problems).toEqual([]);
  const event = { category: "process_creation", product: "linux", fields: { A: "x", User: user } };
  return ruleset.match(event).map(({ rule }) => rule.id);
}

describe("filters", () => {
  const admins = "s: { User|startswith: adm_ }";

  it("suppress what they describe, in the rules they name", () => {
    const yaml = RULES + filter(`{ rules: [one], ${admins}, condition: s }`);
    expect(ids(yaml, "adm_eve")).toEqual(["two"]);
    expect(ids(yaml, "eve")).toEqual(["one", "two"]);
  });

  it("say the same with `not`, as pySigma has it", () => {
    const yaml = RULES + filter(`{ rules: [one], ${admins}, condition: not s }`);
    expect(ids(yaml, "adm_eve")).toEqual(["two"]);
    expect(ids(yaml, "eve")).toEqual(["one", "two"]);
  });

  it("reach every rule of their log source with `any`, and come before or after the rules", () => {
    const all = filter(`{ rules: any, ${admins}, condition: s }`, "{ product: linux }");
    expect(ids(RULES + all, "adm_eve")).toEqual([]);
    expect(ids(`${all}---\n${RULES}`, "adm_eve")).toEqual([]);
    const other = filter(`{ rules: any, ${admins}, condition: s }`, "{ product: windows }");
    expect(ids(RULES + other, "adm_eve")).toEqual(["one", "two"]);
    const narrower = filter(`{ rules: any, ${admins}, condition: s }`, "{ product: linux, service: x }");
    expect(ids(RULES + narrower, "adm_eve")).toEqual(["one", "two"]);
  });

  it("may use several searches and patterns", () => {
    const body = "{ rules: any, s_1: { User: eve }, s_2: { User: bob }, condition: not 1 of s_* }";
    expect(ids(RULES + filter(body), "bob")).toEqual([]);
    expect(ids(RULES + filter(body), "kim")).toEqual(["one", "two"]);
    const both = "{ rules: any, s_1: { User: eve }, s_2: { User: bob }, condition: not s_1 and not s_2 }";
    expect(ids(RULES + filter(both), "bob")).toEqual([]);
  });

  it.each([
    ["{ s: { User: x }, condition: s }", "`rules` must name the rules that are filtered, or `any`"],
    [
      "{ rules: [], s: { User: x }, condition: s }",
      "`rules` must name the rules that are filtered, or `any`",
    ],
    ["{ rules: any, s: { User: x } }", "`condition` is missing"],
    ["{ rules: any, condition: s }", "there is no search identifier"],
    ["{ rules: any, s: { User: x }, t: { A: x }, condition: s and not t }", "either what is suppressed"],
    ["{ rules: any, s: { User: x }, condition: [s, s] }", "a filter has one condition"],
    ["{ rules: any, s: { User|nope: x }, condition: s }", "Sigma has no modifier `nope`"],
  ])("refuses %s", (body, reason) => {
    const { problems, ruleset } = load(RULES + filter(body));
    expect(problems.map((problem) => problem.reason)).toEqual([expect.stringContaining(reason)]);
    expect(ruleset.rules).toHaveLength(2);
  });
});
