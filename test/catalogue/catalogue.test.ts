import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Catalogue } from "../../src/catalogue/catalogue.js";
import type { Flag } from "../../src/core/flag.js";
import type { SessionSummary } from "../../src/core/sessionSummary.js";
import { micros, type SessionId } from "../../src/core/units.js";

function open(): { readonly catalogue: Catalogue; readonly path: string } {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "catalogue.db");
  const catalogue = new Catalogue(path);
  onTestFinished(() => catalogue.close());
  return { catalogue, path };
}

const id = (n: number) => `${n}1111111-2222-4333-8444-555555555555` as SessionId;

const session = (n: number, state: SessionSummary["state"] = "complete"): SessionSummary => ({
  id: id(n),
  startedAt: n * 1_000_000,
  durationUs: 5,
  state,
  meta: {
    command: ["sh"],
    cwd: "/",
    term: "xterm",
    size: { cols: 80, rows: 24, xpixel: 0, ypixel: 0 },
    user: "anna",
    host: "desk",
    platform: "linux",
    recorder: { version: "0.1.0", pid: 1 },
    terminal: { stdin: true, stdout: true },
    stdin: "terminal",
  },
  exit: { by: "exit", code: 0 },
  outputBytes: 1,
  inputBytes: 0,
  maskedBytes: 0,
  gaps: 0,
  notices: 0,
});

const flag = (n: number, name: string, at: number): Flag => ({
  id: name,
  session: id(n),
  rule: { id: "r", title: "t", level: "high", tags: ["attack.t1539"], sentence: "It happened." },
  at: micros(at),
  confidence: "seen",
  evidence: [],
});

describe("the catalogue", () => {
  it("gives back what was put in, the newest session first", () => {
    const { catalogue } = open();
    for (const n of [1, 3, 2]) catalogue.putSession(session(n));
    expect(catalogue.sessions()).toEqual([session(3), session(2), session(1)]);
    expect(catalogue.session(id(2))).toEqual(session(2));
    expect(catalogue.session(id(9))).toBeUndefined();
  });

  it("keeps one entry a session, and one a flag", () => {
    const { catalogue } = open();
    catalogue.putSession(session(1, "recording"));
    catalogue.putSession(session(1));
    catalogue.addFlag(flag(1, "a", 20));
    catalogue.addFlag(flag(1, "b", 10));
    catalogue.addFlag(flag(1, "a", 99));
    expect(catalogue.sessions()).toEqual([session(1)]);
    expect(catalogue.flags(id(1))).toEqual([flag(1, "b", 10), flag(1, "a", 99)]);
  });

  it("gives a flag of which more is known again, to those who have seen it", () => {
    const { catalogue } = open();
    catalogue.addFlag(flag(1, "a", 20));
    const last = catalogue.lastFlagNumber();
    catalogue.addFlag({ ...flag(1, "a", 20), confidence: "confirmed" });
    expect(catalogue.flagsAfter(last).map(({ flag }) => [flag.id, flag.confidence])).toEqual([
      ["a", "confirmed"],
    ]);
    expect(catalogue.flags(id(1))).toHaveLength(1);
  });

  it("gives flags in the order in which they came, from any point on", () => {
    const { catalogue } = open();
    catalogue.addFlag(flag(1, "a", 20));
    const last = catalogue.lastFlagNumber();
    catalogue.addFlag(flag(2, "b", 10));
    catalogue.addFlag(flag(1, "c", 5));
    expect(catalogue.flagsAfter(last).map(({ flag }) => flag.id)).toEqual(["b", "c"]);
    expect(catalogue.flagsAfter(0, id(1)).map(({ flag }) => flag.id)).toEqual(["a", "c"]);
  });

  it("finds sessions by the beginning of their id, and takes it as nothing else", () => {
    const { catalogue } = open();
    for (const n of [1, 2]) catalogue.putSession(session(n));
    expect(catalogue.idsWithPrefix("2111")).toEqual([id(2)]);
    expect(catalogue.idsWithPrefix("3")).toEqual([]);
    expect(catalogue.idsWithPrefix("")).toHaveLength(2);
    expect(catalogue.idsWithPrefix("%")).toEqual([]);
    expect(catalogue.idsWithPrefix("_")).toEqual([]);
  });

  it("replaces a session with its flags in one step", () => {
    const { catalogue } = open();
    catalogue.putSession(session(1));
    catalogue.addFlag(flag(1, "old", 1));
    catalogue.replaceSession(session(1, "torn"), [flag(1, "new", 2)]);
    expect(catalogue.session(id(1))?.state).toBe("torn");
    expect(catalogue.flags(id(1))).toEqual([flag(1, "new", 2)]);
  });

  it("is readable by its owner only", () => {
    expect(statSync(open().path).mode & 0o777).toBe(0o600);
  });

  it("says that it is damaged, and how to mend that", () => {
    const { path } = open();
    const other = `${path}.other`;
    writeFileSync(other, "no database at all, but long enough to be taken for one at first sight".repeat(20));
    expect(() => new Catalogue(other)).toThrow(
      expect.objectContaining({ code: "catalogue", hint: expect.stringContaining("rebuild") }),
    );
  });
});
