import { describe, expect, test } from "vitest";
import { claimsText } from "../../src/cli/claimsText.js";
import { coverageText } from "../../src/cli/coverageText.js";
import { confidenceText, evidenceText } from "../../src/cli/evidenceText.js";
import { Painter } from "../../src/cli/terminalText.js";
import type { Evidence, Flag } from "../../src/core/flag.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";

const piece = (given: Partial<Evidence>): Evidence => ({
  ...{ source: "screen", at: micros(1_000_000), seq: seq(1), summary: "rm x", fields: {} },
  ...given,
});
const flag = (confidence: Flag["confidence"], ...evidence: readonly Evidence[]): Flag => ({
  id: "f",
  session: "11111111-1111-4111-8111-111111111111" as SessionId,
  rule: { id: "r", title: "t", level: "high", tags: [], sentence: "s" },
  at: micros(0),
  confidence,
  evidence,
});
const cookie = piece({
  source: "file",
  confidence: "confirmed",
  category: "file_access",
  fields: {
    Image: "/usr/bin/cp",
    ProcessId: "1234",
    TargetFilename: "~/c/Cookies",
    Store: "Chrome's login cookies",
  },
});

describe("how a flag is known, in words", () => {
  test("each piece of evidence is a sentence", () => {
    expect(evidenceText(cookie)).toBe(
      "the system saw /usr/bin/cp (process 1234) open ~/c/Cookies (Chrome's login cookies)",
    );
    expect(evidenceText(piece({}))).toBe("it stood on the screen: rm x");
    expect(evidenceText(piece({ source: "tool-call", confidence: "requested" }))).toBe(
      "the agent asked for it in a tool call: rm x",
    );
    expect(evidenceText(piece({ source: "tool-call", confidence: "seen" }))).toBe(
      "a tool gave this back to the agent: rm x",
    );
    expect(evidenceText(piece({ source: "typed" }))).toBe("it was typed: rm x");
    expect(
      evidenceText(
        piece({ source: "process", confidence: "confirmed", fields: { Image: "/bin/rm", ProcessId: "7" } }),
      ),
    ).toBe("the system saw /bin/rm (process 7) start: rm x");
    expect(evidenceText(piece({ source: "process", confidence: "requested" }))).toBe(
      "the system saw a program being told to run: rm x",
    );
    expect(
      evidenceText(
        piece({
          ...{ source: "file", category: "files_lost", confidence: "confirmed" },
          fields: {
            Image: "/bin/mv",
            ProcessId: "7",
            TargetFilename: "/d",
            LostCount: "2",
            LostFiles: "/a, /b",
            KeptFile: "/c",
          },
        }),
      ),
    ).toBe(
      "the system saw /bin/mv (process 7) move 2 files onto /d, each over the one before; lost: /a, /b; left: /c",
    );
  });

  test("a flag's confidence is a sentence, with who told of it", () => {
    expect(confidenceText(flag("seen", piece({})))).toBe(
      "only seen on the screen: it may be no more than text",
    );
    expect(confidenceText(flag("confirmed", piece({}), cookie))).toBe(
      "confirmed: the system saw it happen (told by the screen and the system)",
    );
    expect(confidenceText(flag("requested", piece({ source: "tool-call", confidence: "requested" })))).toBe(
      "asked for: the agent wanted it done; nothing shows yet that it happened",
    );
  });

  test("recorded text brings nothing into the terminal", () => {
    const evil = "\x1b]0;x\x07\n\u202e";
    const text = evidenceText({
      ...cookie,
      summary: evil,
      fields: { Image: evil, TargetFilename: evil, Store: evil },
    });
    expect(text).not.toMatch(/[\x00-\x1f\u202e]/);
  });
});

describe("coverage and claims, in words", () => {
  const paint = new Painter({}, {});

  test("which source was on from when to when", () => {
    expect(
      coverageText([
        {
          source: "strace",
          from: micros(0),
          to: micros(61_000_000),
          state: "failed",
          details: ["It was killed."],
        },
        { source: "inotify", from: micros(0), to: undefined, state: "on", details: [] },
        {
          source: "transcript",
          from: micros(5),
          to: micros(5),
          state: "failed",
          details: ["None was found."],
        },
      ]),
    ).toEqual([
      "programs (strace): watched from 00:00 to 01:01; broke down at 01:01",
      "  It was killed.",
      "sensitive files: watched from 00:00 on",
      "the agent's own record: not watched",
      "  None was found.",
    ]);
    expect(coverageText([])).toHaveLength(1);
  });

  test("what was run and not said, and said and not run", () => {
    const text = claimsText(
      {
        ...{ basis: "compared", calls: 3, ran: 2, helpers: 5, undeclaredCount: 1, unexecutedCount: 11 },
        undeclared: [
          {
            at: micros(2_000_000),
            seq: seq(1),
            pid: 9,
            image: "/x",
            command: "perl x",
            cwd: "/",
            started: 2,
          },
        ],
        unexecuted: Array.from({ length: 11 }, () => ({
          ...{ at: micros(0), seq: seq(1), agent: "codex", tool: "t", call: "c", command: "npm test" },
          result: "succeeded" as const,
        })),
      },
      paint,
    );
    expect(text.slice(0, 4)).toEqual([
      "said and done: 3 commands in the agent's own record, 2 of them ran; 5 helpers of the agent's own set apart",
      "  Run, but not in the agent's own record (1):",
      "  00:02  perl x  process 9, started 2 more",
      "  In the agent's own record, but never run (11):",
    ]);
    expect(text.at(-1)).toContain("… and 1 more");
    expect(claimsText(undefined, paint)).toEqual([]);
  });
});
