import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readCases } from "../../src/detection/caseFile.js";
import { runCases } from "../../src/detection/cases.js";
import { loadDetectors, readCaseTexts } from "../../src/detection/detectors.js";

const directory = fileURLToPath(new URL("../../detectors", import.meta.url));
const pack = await loadDetectors([directory]);

describe("the detectors that come with bodycam", () => {
  test("every rule loads", () => {
    expect(pack.problems).toEqual([]);
    expect(pack.documents.length).toBeGreaterThan(0);
  });

  test("every case beside them comes out as it says, and every rule has enough cases", () => {
    const files = readCaseTexts([directory]).map((text) => readCases(text, pack.documents));
    const { passed, failures } = runCases(pack, files);
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(100);
  });

  test.each(pack.documents.map((rule) => [rule.title, rule] as const))(
    "%s says what people need",
    (_, rule) => {
      if (rule.kind === "filter" || pack.correlations.parts.has(rule)) return;
      expect(rule.level).toBeDefined();
      expect(rule.custom.sentence).toMatch(/^[A-Z].{10,160}\.$/);
      expect(rule.falsepositives.length).toBeGreaterThan(0);
      expect(rule.references.length).toBeGreaterThan(0);
      expect(rule.tags.some((tag) => /^attack\.t\d{4}/.test(tag))).toBe(true);
    },
  );

  test("ids and titles are unique", () => {
    const ids = pack.documents.map((rule) => rule.id);
    const titles = pack.documents.map((rule) => rule.title);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
