import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ReviewDraft } from "../../src/core/review.js";
import type { SessionId } from "../../src/core/units.js";
import { hashOf } from "../../src/review/entry.js";
import { appendReview, readReviews } from "../../src/review/logFile.js";
import { readLog } from "../../src/review/readLog.js";

const SESSION = "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId;

const draft = (note: string, more: Partial<ReviewDraft> = {}): ReviewDraft => ({
  session: SESSION,
  flag: undefined,
  verdict: "benign",
  note,
  by: "ada",
  host: "engine",
  at: 1_700_000_000_000_000,
  ...more,
});

/** A log with some entries in it. */
function logOf(...notes: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-review-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "reviews.jsonl");
  for (const note of notes) appendReview(path, draft(note));
  return path;
}

const notesIn = (path: string) => readReviews(path, SESSION).reviews.map((review) => review.note);
const problemsIn = (path: string) => readReviews(path, SESSION).problems;
const linesIn = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);

describe("the review log", () => {
  it("gives back what was said, by whom and when, oldest first", () => {
    const path = logOf();
    const first = draft("looked at it with Kim", { flag: "ab12", verdict: "true" });
    const second = draft("über\nalles \u001b[31m", { by: "kim" });
    expect(appendReview(path, first)).toMatchObject({ ...first, number: 1 });
    appendReview(path, second);
    const { reviews, problems } = readReviews(path, SESSION);
    expect(reviews).toMatchObject([
      { ...first, number: 1 },
      { ...second, number: 2 },
    ]);
    expect(problems).toEqual([]);
  });

  it("is empty where nobody has said anything", () => {
    expect(readReviews("/no/such/file", SESSION)).toEqual({ reviews: [], problems: [] });
  });

  it("is readable by its owner only, and is only ever added to", () => {
    const path = logOf("one");
    const before = readFileSync(path);
    appendReview(path, draft("two"));
    expect(readFileSync(path).subarray(0, before.length).equals(before)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("chains each line to the one before it, as sha256sum shows", () => {
    const lines = linesIn(logOf("one", "two"));
    expect(JSON.parse(lines[0] as string).prev).toBe("0".repeat(64));
    expect(JSON.parse(lines[1] as string).prev).toBe(hashOf(lines[0] as string));
  });

  it("shows that an entry was changed, removed, moved, or put in", () => {
    const path = logOf("one", "two", "three");
    const [one, two, three] = linesIn(path) as [string, string, string];
    const found = (...lines: string[]) => {
      writeFileSync(path, `${lines.join("\n")}\n`);
      return problemsIn(path);
    };
    expect(found(one, two, three)).toEqual([]);
    expect(found(one.replace("benign", "unsure"), two, three)).toEqual([{ what: "broken-chain", line: 2 }]);
    expect(found(one, three)).toEqual([{ what: "broken-chain", line: 2 }]);
    expect(found(two, three)).toEqual([{ what: "broken-chain", line: 1 }]);
    expect(found(one, three, two).length).toBeGreaterThan(0);
    expect(found(one, one, two, three).length).toBeGreaterThan(0);
    expect(found(one, "{}", two, three)).toEqual([{ what: "unreadable", line: 2 }]);
  });

  it("takes no entry of another session for its own", () => {
    const path = logOf();
    appendReview(path, draft("x", { session: "1b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId }));
    expect(problemsIn(path)).toEqual([{ what: "other-session", line: 1 }]);
  });

  it("survives a crash at any byte: what was finished stays, the rest is said, and it goes on", () => {
    const whole = readFileSync(logOf("one", "two"));
    const secondAt = whole.indexOf(0x0a) + 1;
    for (let cut = secondAt; cut < whole.length; cut++) {
      const path = logOf();
      writeFileSync(path, whole);
      truncateSync(path, cut);
      const torn = cut > secondAt ? [{ what: "torn", bytes: cut - secondAt }] : [];
      expect(readReviews(path, SESSION)).toMatchObject({ reviews: [{ note: "one" }], problems: torn });
      appendReview(path, draft("later"));
      appendReview(path, draft("and later"));
      expect(notesIn(path)).toEqual(["one", "later", "and later"]);
      expect(problemsIn(path)).toEqual([]);
      expect(readFileSync(path).subarray(0, cut).equals(whole.subarray(0, cut))).toBe(true);
    }
  });

  it("follows no link and waits for no pipe that lies in its place", () => {
    const path = logOf();
    const precious = `${path}.precious`;
    writeFileSync(precious, "mine\n");
    symlinkSync(precious, path);
    expect(problemsIn(path)).toEqual([{ what: "not-a-log", detail: expect.any(String) }]);
    expect(() => appendReview(path, draft("x"))).toThrow(expect.objectContaining({ code: "io" }));
    expect(readFileSync(precious, "utf8")).toBe("mine\n");
    expect(readReviews("/dev/null", SESSION).problems).toMatchObject([{ what: "not-a-log" }]);
  });

  it("reads whatever stands there without failing, and never takes a changed log for a whole one", () => {
    const whole = readFileSync(logOf("one", "two", "three"));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readLog(bytes, SESSION);
      }),
    );
    const beforeLast = whole.lastIndexOf(0x0a, whole.length - 2);
    fc.assert(
      fc.property(fc.nat(beforeLast), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(whole);
        changed[at] = (changed[at] as number) ^ change;
        expect(readLog(changed, SESSION).problems).not.toEqual([]);
      }),
    );
  });
});
