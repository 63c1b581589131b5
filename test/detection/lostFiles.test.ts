import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "../../src/core/units.js";
import { LostFiles } from "../../src/detection/lostFiles.js";
import { detectors } from "../detectors/judgeText.js";
import { Told } from "./session.js";

const second = (n: number) => micros(n * 1_000_000);
const move = (from: string, to: string) =>
  ({ what: "rename", pid: 7, from, to, scope: "inside", overwrote: false }) as const;

describe("files lost by renames onto one path", () => {
  test("the files that are gone are named, and the one that is left", () => {
    const lost = new LostFiles();
    expect(lost.renamed(move("/w/a.txt", "/w/docs"), second(1))).toBeUndefined();
    expect(lost.renamed(move("/w/b.txt", "/w/docs"), second(2))).toBeUndefined();
    expect(lost.renamed(move("/w/c.txt", "/w/docs"), second(3))).toEqual({
      ...{ TargetFilename: "/w/docs", Scope: "inside", LostCount: 2, KeptFile: "/w/c.txt" },
      LostFiles: ["/w/a.txt", "/w/b.txt"],
    });
    expect(lost.renamed(move("/w/d.txt", "/w/docs"), second(4))).toMatchObject({ LostCount: 3 });
  });

  test("a path that became free, or from which the file went on, loses nothing", () => {
    const lost = new LostFiles();
    for (const name of ["a", "b", "c", "d"]) {
      expect(lost.renamed(move(`/w/${name}`, "/w/next"), second(1))).toBeUndefined();
      expect(lost.renamed(move("/w/next", `/w/done/${name}`), second(1))).toBeUndefined();
    }
    for (const name of ["e", "f", "g"]) {
      expect(lost.renamed(move(`/w/${name}`, "/w/x"), second(2))).toBeUndefined();
      lost.gone("/w/x");
    }
  });

  test.each([
    ["/w/package-lock.json.1234567", "/w/package-lock.json"],
    ["/home/u/.claude.json.tmp.4711.1700000", "/home/u/.claude.json"],
    ["/w/.git/index.lock", "/w/.git/index"],
    ["/w/sedAb3dEf", "/w/config.in"],
    ["/w/.ninja_log.recompact", "/w/.ninja_log"],
    ["/tmp/xyz", "/w/out.js"],
    ["/w/.~lock.f00dcafe01", "/w/a"],
  ])("saving is no loss: %s", (from, to) => {
    const lost = new LostFiles();
    const found = [1, 2, 3, 4, 5, 6].map((n) =>
      lost.renamed(move(from.replace(/\d(?=\d*$)/, String(n)), to), second(n)),
    );
    expect(found.filter((one) => one !== undefined)).toEqual([]);
  });

  test("any names and any number: it never throws, and names at most a hundred", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.constantFrom("/a", "/b", "")), { maxLength: 300 }),
        (all) => {
          const lost = new LostFiles();
          for (const [from, to] of all) {
            const found = lost.renamed(move(from, to), second(1));
            if (found === undefined) continue;
            expect((found.LostFiles as readonly string[]).length).toBeLessThanOrEqual(100);
            expect(found.LostCount).toBeGreaterThanOrEqual(2);
          }
        },
      ),
    );
  });

  test("a folder that could not be made, and forty files moved to it, are one flag that names what was lost", () => {
    const told = new Told(detectors);
    told.exec(7, 1, ["bash", "-lc", "mkdir x/sorted; for f in *; do mv $f x/sorted; done"], 0);
    for (let n = 0; n < 40; n++) {
      told.exec(100 + n, 7, ["mv", `f${n}.txt`, "x/sorted"], 1 + n);
      told.process(
        { ...move(`/home/u/p/f${n}.txt`, "/home/u/p/x/sorted"), pid: 100 + n, overwrote: n > 0 },
        1 + n,
      );
    }
    const flags = told.flags.filter((flag) => flag.rule.title === "Many files moved onto one path");
    expect(flags).toHaveLength(1);
    expect(flags[0]).toMatchObject({ confidence: "confirmed", rule: { level: "high" } });
    expect(flags[0]?.evidence.at(-1)?.fields).toMatchObject({
      LostCount: "39",
      KeptFile: "/home/u/p/f39.txt",
      LostFiles: expect.stringContaining("f0.txt, /home/u/p/f1.txt"),
    });
  });
});
