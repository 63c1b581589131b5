import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkBag } from "../../src/evidence/bagit/checkBag.js";
import { openDirectory } from "../../src/evidence/directoryContainer.js";

/** The Library of Congress' conformance suite, where it is at hand. */
const suite = resolve(import.meta.dirname, "../../../shared/data/bagit");

/** Bags that only a file system without upper and lower case has whole, or whose file its copies leave out. */
const NOT_WHOLE_HERE = ["duplicate-file-with-different-case", "special-system-files"];

const bagsIn = (folder: string): readonly string[] =>
  existsSync(resolve(suite, folder))
    ? readdirSync(resolve(suite, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${entry.name}`)
    : [];

const problemsOf = async (bag: string) => {
  const container = openDirectory(resolve(suite, bag));
  try {
    return [...container.faults, ...(await checkBag(container, () => {})).problems];
  } finally {
    container.close();
  }
};

describe.skipIf(!existsSync(suite))("the bags of the conformance suite", () => {
  const valid = ["v0.93", "v0.94", "v0.95", "v0.96", "v0.97", "v1.0"].flatMap((version) => [
    ...bagsIn(`${version}/valid`),
    ...bagsIn(`${version}/warning`).filter((bag) => !NOT_WHOLE_HERE.some((name) => bag.endsWith(name))),
  ]);
  const invalid = ["v0.97", "v1.0"].flatMap((version) => [
    ...bagsIn(`${version}/invalid`),
    ...bagsIn(`${version}/linux-only`),
    ...bagsIn(`${version}/windows-only`),
  ]);

  it.each(valid)("%s is accepted", async (bag) => {
    expect(await problemsOf(bag)).toEqual([]);
  });

  it.each(invalid)("%s is refused", async (bag) => {
    expect(await problemsOf(bag)).not.toEqual([]);
  });
});
