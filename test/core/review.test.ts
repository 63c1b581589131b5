import { describe, expect, it } from "vitest";
import { outcomeOf, type Review, standingOf, type Verdict } from "../../src/core/review.js";
import type { SessionId } from "../../src/core/units.js";
import { flag } from "../replay/sessions.js";

const review = (about: string | undefined, verdict: Verdict, number = 1): Review => ({
  session: "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId,
  flag: about,
  verdict,
  note: "",
  by: "ada",
  host: "engine",
  at: number,
  number,
  hash: "",
});
const FLAGS = [flag("a", 1, 1), flag("b", 2, 2)];

describe("where a session stands", () => {
  it("is what was said last, of each flag and of the session", () => {
    const last = review("flag-1", "benign", 3);
    const { session, flags } = standingOf([review("flag-1", "true"), review(undefined, "unsure", 2), last]);
    expect(session?.verdict).toBe("unsure");
    expect([...flags.values()]).toEqual([last]);
  });

  it.each([
    [[], undefined, 0],
    [[review("flag-1", "benign")], undefined, 1],
    [[review("flag-1", "true")], "true", 1],
    [[review("flag-1", "benign"), review("flag-2", "benign")], "benign", 2],
    [[review("flag-1", "benign"), review("flag-2", "unsure")], "unsure", 2],
    [[review("flag-9", "true")], undefined, 0],
    [[review(undefined, "benign"), review("flag-1", "true")], "benign", 1],
  ] as const)("comes to one verdict, or is open (%#)", (reviews, verdict, reviewed) => {
    expect(outcomeOf(standingOf(reviews), FLAGS)).toEqual({ verdict, reviewed });
  });
});
