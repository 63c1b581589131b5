import type { Flag, Level } from "../../src/core/flag.js";
import { type Review, standingOf, type Verdict } from "../../src/core/review.js";
import type { SessionSummary } from "../../src/core/sessionSummary.js";
import { micros, type SessionId } from "../../src/core/units.js";
import type { SessionEntry } from "../../src/tui/listModel.js";

/** What a test says of a session; the rest is made up. */
export interface Told {
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly state?: SessionSummary["state"];
  /** Wall clock, in ISO 8601. */
  readonly started?: string;
  readonly flags?: readonly Level[];
  readonly title?: string;
  readonly verdict?: Verdict;
  /** Verdicts on the flags, by their place. */
  readonly flagVerdicts?: Readonly<Record<number, Verdict>>;
  readonly note?: string;
}

export const idOf = (n: number): SessionId =>
  `${String(n).padStart(8, "0")}-2222-4333-8444-555555555555` as SessionId;

export function entry(n: number, told: Told = {}): SessionEntry {
  const { command = ["codex", "--full-auto"], cwd = "/home/ada/shop", state = "complete" } = told;
  const id = idOf(n);
  const flags = (told.flags ?? []).map(
    (level, i): Flag => ({
      id: `${n}${i}`,
      session: id,
      rule: {
        id: `rule-${level}`,
        title: told.title ?? "Browser cookies read",
        level,
        tags: ["attack.t1539"],
        sentence: "",
      },
      at: micros(i),
      confidence: "seen",
      evidence: [],
    }),
  );
  const review = (flag: string | undefined, verdict: Verdict): Review => ({
    session: id,
    flag,
    verdict,
    note: told.note ?? "",
    by: "kim",
    host: "desk",
    at: 0,
    number: 1,
    hash: "",
  });
  const reviews = [
    ...Object.entries(told.flagVerdicts ?? {}).map(([i, verdict]) => review(`${n}${i}`, verdict)),
    ...(told.verdict === undefined ? [] : [review(undefined, told.verdict)]),
  ];
  return {
    session: {
      id,
      startedAt: Date.parse(told.started ?? "2026-11-25T10:00:00") * 1000 + n,
      durationUs: 65_000_000,
      state,
      meta: {
        command,
        cwd,
        term: "xterm",
        size: { cols: 80, rows: 24, xpixel: 0, ypixel: 0 },
        user: "ada",
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
    },
    flags,
    standing: standingOf(reviews),
  };
}
