import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Catalogue } from "../../src/catalogue/catalogue.js";
import type { LineIndex } from "../../src/catalogue/lineIndex.js";
import type { SessionLine } from "../../src/core/sessionLine.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";

const A = "a1111111-2222-4333-8444-555555555555" as SessionId;
const B = "b1111111-2222-4333-8444-555555555555" as SessionId;
const WHOLE = { unfinished: false, cut: false };

function open(): { readonly lines: LineIndex; readonly path: string } {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "catalogue.db");
  const catalogue = new Catalogue(path);
  onTestFinished(() => catalogue.close());
  return { lines: catalogue.lines, path };
}

const line = (text: string, at = 1): SessionLine => ({
  source: "screen",
  at: micros(at),
  seq: seq(at),
  text,
});

function read(lines: LineIndex, session: SessionId, ...texts: readonly string[]): void {
  const reading = lines.begin(session);
  lines.add(reading, texts.map(line));
  lines.finish(reading, WHOLE);
}

const found = (lines: LineIndex, session: SessionId, ...required: readonly string[]): readonly string[] =>
  [
    ...lines.candidates(
      session,
      required.map((text) => [text]),
    ),
  ].map(({ text }) => text);

/** A text as the catalogue keeps it: well-formed UTF-8 without zero characters. */
const stored = (text: string): string => Buffer.from(text.replaceAll("\0", "\ufffd")).toString();

describe("what sessions said", () => {
  it("is found by any part of a line, whatever its case, in its order and session", () => {
    const { lines } = open();
    read(lines, A, "cp ~/.config/google-chrome/Default/Cookies /tmp", "nothing here", "COOKIES again");
    read(lines, B, "cookies of another");
    expect(found(lines, A, "ookies")).toEqual([
      "cp ~/.config/google-chrome/Default/Cookies /tmp",
      "COOKIES again",
    ]);
    expect(found(lines, B, "ookies")).toEqual(["cookies of another"]);
    expect(found(lines, A, "cookies", "chrome")).toHaveLength(1);
  });

  it("never leaves out a line that holds what is asked for, whatever that is", () => {
    const { lines } = open();
    const texts = fc.array(
      fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })),
    );
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(20), (all, from, length) => {
        read(lines, A, ...all);
        const asked = all.join("\n").slice(from % 40, (from % 40) + length);
        const holds = all.filter((text) => text.toLowerCase().includes(asked.toLowerCase()));
        expect(found(lines, A, asked.toLowerCase())).toEqual(expect.arrayContaining(holds.map(stored)));
      }),
    );
  });

  it.each([
    '"',
    '""" OR "x',
    "a* NEAR(b)",
    "text:abc",
    "-abc",
    "^abc",
    "(((",
    "%_%",
    "'; DROP TABLE line; --",
    "\0\0\0",
  ])("takes %j for text and no query", (asked) => {
    const { lines } = open();
    read(lines, A, `before ${asked} after`, "other");
    expect(found(lines, A, asked)).toContain(`before ${asked} after`.replaceAll("\0", "\ufffd"));
  });

  it("counts only when a reading is done, and then in place of the one before", () => {
    const { lines } = open();
    expect(lines.state(A)).toBeUndefined();
    const first = lines.begin(A);
    lines.add(first, [line("first reading")]);
    expect(found(lines, A, "reading")).toEqual([]);
    lines.finish(first, { unfinished: true, cut: false });
    expect(lines.state(A)).toEqual({ unfinished: true, cut: false });
    read(lines, A, "second reading");
    expect(found(lines, A, "reading")).toEqual(["second reading"]);
    expect(lines.state(A)).toEqual(WHOLE);
  });

  it("is not doubled or halved when two read the same session at once", () => {
    const { lines } = open();
    const [early, late] = [lines.begin(A), lines.begin(A)];
    lines.add(early, [line("one"), line("two")]);
    lines.add(late, [line("one")]);
    lines.finish(late, WHOLE);
    lines.add(early, [line("three")]);
    lines.finish(early, WHOLE);
    expect(found(lines, A)).toEqual(["one"]);
    const [again, abandoned] = [lines.begin(A), lines.begin(A)];
    lines.add(abandoned, [line("lost")]);
    lines.add(again, [line("one"), line("two")]);
    lines.finish(again, WHOLE);
    expect(found(lines, A)).toEqual(["one", "two"]);
  });

  it("is forgotten with its session", () => {
    const { lines } = open();
    read(lines, A, "something");
    read(lines, B, "something else");
    lines.remove(A);
    expect(found(lines, A, "something")).toEqual([]);
    expect(found(lines, B, "something")).toEqual(["something else"]);
  });

  it("is kept in files that only their owner can read", () => {
    const { lines, path } = open();
    read(lines, A, "something");
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
