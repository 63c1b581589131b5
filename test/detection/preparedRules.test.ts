import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { loadDetectors, readRuleTexts } from "../../src/detection/detectors.js";
import { readPrepared } from "../../src/detection/preparedRules.js";
import { prepare } from "../../src/detection/prepareRules.js";

const folder = mkdtempSync(join(tmpdir(), "prepared-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const own = fileURLToPath(new URL("../../detectors", import.meta.url));

const write = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const rule = (id: string, search: string) =>
  `title: ${id}\nid: ${id}\nlogsource: { product: bodycam, category: terminal }\ndetection: { s: { ${search} }, condition: s }\n`;
const event = (text: string) => ({ product: "bodycam", category: "terminal", fields: { Text: text } });

describe("rules that the build prepared", () => {
  it("are the same as when they are read from their files", async () => {
    const file = write("own.prepared", prepare(readRuleTexts([own])));
    const prepared = readPrepared(file);
    const read = await loadDetectors([own], new Map());
    const known = await loadDetectors([own], prepared);
    expect(prepared.size).toBe(readRuleTexts([own]).length);
    expect(known.documents).toEqual(read.documents);
    expect(known.problems).toEqual([]);
  });

  it("match the same, though their expressions are compiled only then", async () => {
    const path = write("re.yml", rule("re", "'Text|re|i': 'key=[0-9]{3}'"));
    const prepared = readPrepared(write("re.prepared", prepare(readRuleTexts([path]))));
    const { ruleset } = await loadDetectors([path], prepared);
    expect(ruleset.match(event("KEY=123")).map((match) => match.rule.file)).toEqual([path]);
    expect(ruleset.match(event("KEY=12"))).toEqual([]);
  });

  it("are read anew when their file has changed, and tell what is wrong with it", async () => {
    const path = write("changed.yml", rule("old", "'Text|contains': old"));
    const prepared = readPrepared(write("changed.prepared", prepare(readRuleTexts([path]))));
    write("changed.yml", rule("new", "'Text|re': '(?=new)'"));
    const { documents, problems } = await loadDetectors([path], prepared);
    expect(documents.map(({ id }) => id)).toEqual(["new"]);
    expect(problems).toMatchObject([{ file: path, line: 4 }]);
  });

  it("leave out a file with a problem", () => {
    const texts = [
      { file: "good.yml", text: rule("good", "Text: a") },
      { file: "bad.yml", text: rule("bad", "'Text|re': '(?=a)'") },
      { file: "worse.yml", text: "title: [" },
    ];
    expect(readPrepared(write("some.prepared", prepare(texts))).size).toBe(1);
  });

  it("are none when the file is missing or is none of ours", () => {
    expect(readPrepared(join(folder, "missing")).size).toBe(0);
    expect(readPrepared(write("noise", Uint8Array.of(0xff, 0x0f, 1, 2, 3))).size).toBe(0);
  });
});
