import fc from "fast-check";
import type { EventBody, SessionEvent } from "../../src/core/event.js";
import type { Evidence, Flag, Level } from "../../src/core/flag.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { hostileSequences } from "../terminal/sequences.js";

/** A step of a session: some output, a new size, or any other event, after so many milliseconds. */
export type Step = readonly [
  after: number,
  what: string | readonly [cols: number, rows: number] | Exclude<EventBody, { kind: "open" | "end" }>,
];

/** The events of a session on a terminal of the given size. */
export function session(steps: readonly Step[], cols = 20, rows = 5): SessionEvent[] {
  const size = { cols, rows, xpixel: 0, ypixel: 0 };
  let at = 0;
  const bodies: (EventBody & { at: number })[] = [
    {
      kind: "open",
      at,
      meta: {
        command: ["agent", "--do", "it"],
        cwd: "/home/me",
        term: "xterm-256color",
        size,
        user: "me",
        host: "here",
        platform: "linux",
        recorder: { version: "0", pid: 1 },
        terminal: { stdin: true, stdout: true },
        stdin: "terminal",
      },
    },
  ];
  for (const [after, what] of steps) {
    at += after * 1000;
    if (typeof what === "string") bodies.push({ kind: "output", at, data: new TextEncoder().encode(what) });
    else if ("kind" in what) bodies.push({ ...what, at });
    else bodies.push({ kind: "resize", at, size: { ...size, cols: what[0], rows: what[1] } });
  }
  bodies.push({ kind: "end", at: at + 1_000_000, exit: { by: "exit", code: 0 } });
  return bodies.map((body, i) => ({ ...body, at: micros(body.at), seq: seq(i) }));
}

/** A flag on a text shown by event `number` at a time in milliseconds. */
export function flag(text: string, number: number, atMs: number, level: Level = "high"): Flag {
  const evidence: Evidence = {
    source: "screen",
    at: micros(atMs * 1000),
    seq: seq(number),
    summary: text,
    fields: { Text: text },
  };
  return {
    id: `flag-${number}`,
    session: "00000000-0000-4000-8000-000000000000" as SessionId,
    rule: {
      id: "rule",
      title: "Browser cookies read",
      level,
      tags: ["attack.t1539"],
      sentence: "The agent opened the browser's cookie database.",
    },
    at: micros(atMs * 1000),
    confidence: "seen",
    evidence: [evidence],
  };
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(
        fc.nat(3000),
        fc.array(hostileSequences, { maxLength: 6 }).map((s) => s.join("")),
      ),
    },
    fc.tuple(fc.nat(3000), fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 10 }))),
  ),
  { minLength: 1, maxLength: 30 },
);
