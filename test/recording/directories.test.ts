import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDirectories } from "../../src/recording/directories.js";
import { scratch } from "./support.js";

test("what is missing is made for the owner only, and what is there stays as it is", () => {
  const dir = scratch();
  mkdirSync(join(dir, "open"));
  const mode = statSync(join(dir, "open")).mode;
  makeDirectories(join(dir, "open", "a", "b"));
  makeDirectories(join(dir, "open", "a", "b"));
  expect(statSync(join(dir, "open")).mode).toBe(mode);
  for (const made of ["a", "a/b"]) expect(statSync(join(dir, "open", made)).mode & 0o777).toBe(0o700);
});

test("where no directory can be made, that is an error and no endless loop", () => {
  const dir = scratch();
  writeFileSync(join(dir, "file"), "");
  expect(() => makeDirectories(join(dir, "file", "a"))).toThrow(expect.objectContaining({ code: "ENOTDIR" }));
  // A directory that takes none and says so in an unhelpful way; where there is no /proc, "/" says it differently.
  expect(() => makeDirectories("/proc/none/a")).toThrow();
});
