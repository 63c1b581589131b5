import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProcessFact } from "../../../src/core/observation.js";
import { type LostByRename, Renames } from "../../../src/observe/processes/renames.js";

const rename = (from: string, to: string, pid = 1): ProcessFact => ({
  what: "rename",
  pid,
  from,
  to,
  scope: "inside",
  overwrote: false,
});

function losses(facts: readonly (readonly [ProcessFact, number])[], end = 1e9): LostByRename[] {
  const told: LostByRename[] = [];
  const renames = new Renames({ onLoss: (loss) => told.push(loss) });
  for (const [fact, at] of facts) renames.see(fact, at);
  renames.end(end);
  return told;
}

describe("many renames onto one path", () => {
  it("names the files lost, by whichever processes", () => {
    const told = losses([
      [rename("/d/a", "/d/t", 1), 1],
      [rename("/d/b", "/d/t", 2), 2],
      [rename("/d/c", "/d/t", 3), 3],
    ]);
    expect(told).toEqual([
      {
        path: "/d/t",
        lost: ["/d/a", "/d/b"],
        count: 2,
        kept: "/d/c",
        scope: "inside",
        pids: [1, 2, 3],
      },
    ]);
  });

  it("tells at once, and once more with all names when more came", () => {
    const told = losses(
      ["a", "b", "c", "d", "e"].map((name, i): readonly [ProcessFact, number] => [
        rename(`/${name}`, "/t"),
        i,
      ]),
    );
    expect(told.map(({ lost }) => lost)).toEqual([
      ["/a", "/b"],
      ["/a", "/b", "/c", "/d"],
    ]);
  });

  it("is silent about safe saving, about a target that moved on, and about long pauses", () => {
    const save = (at: number): readonly [ProcessFact, number] => [rename("/x.tmp", "/x"), at];
    expect(losses([save(1), save(2), save(3), save(4)])).toEqual([]);
    const turns = ["a", "b", "c", "d"].flatMap((name, i): (readonly [ProcessFact, number])[] => [
      [rename(`/${name}`, "/next"), i * 2],
      [rename("/next", `/done/${name}`), i * 2 + 1],
    ]);
    expect(losses(turns)).toEqual([]);
    expect(
      losses(
        ["a", "b", "c", "d"].map((name, i): readonly [ProcessFact, number] => [
          rename(`/${name}`, "/log"),
          i * 60e6,
        ]),
      ),
    ).toEqual([]);
  });

  it("never names the file that is still there as lost", () => {
    const name = fc.constantFrom("/a", "/b", "/c", "/d", "/e");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 40 }), (pairs) => {
        for (const loss of losses(pairs.map(([from, to], i) => [rename(from, to), i]))) {
          expect(loss.lost).not.toContain(loss.kept);
          expect(loss.count).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });
});
