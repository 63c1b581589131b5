import { describe, expect, it } from "vitest";
import type { EventBody, SessionMeta } from "../../src/core/event.js";
import { SummaryAccumulator } from "../../src/core/summaryAccumulator.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";

const meta: SessionMeta = {
  command: ["/opt/bin/codex", "--full-auto"],
  cwd: "/home/anna/project",
  term: "xterm-256color",
  size: { cols: 80, rows: 24, xpixel: 0, ypixel: 0 },
  user: "anna",
  host: "desk",
  platform: "linux",
  recorder: { version: "0.1.0", pid: 1 },
  terminal: { stdin: true, stdout: true },
  stdin: "terminal",
};

const id = "11111111-2222-4333-8444-555555555555" as SessionId;

function sum(bodies: readonly EventBody[]) {
  const accumulator = new SummaryAccumulator(id, 1000);
  for (const [at, body] of bodies.entries()) accumulator.add({ ...body, at: micros(at * 10), seq: seq(at) });
  return accumulator.summary("torn");
}

describe("a session's summary", () => {
  it("adds up what its events say", () => {
    const summary = sum([
      { kind: "open", meta },
      { kind: "output", data: new Uint8Array(5) },
      { kind: "input", data: new Uint8Array(2) },
      { kind: "masked", bytes: 8 },
      { kind: "notice", notice: { what: "alert", detail: "" } },
      { kind: "output", data: new Uint8Array(7) },
      { kind: "end", exit: { by: "exit", code: 3 } },
    ]);
    expect(summary).toMatchObject({
      state: "complete",
      durationUs: 60,
      outputBytes: 12,
      inputBytes: 2,
      maskedBytes: 8,
      notices: 1,
      gaps: 0,
      exit: { by: "exit", code: 3 },
    });
  });

  it("has the state that is given to sessions without an end", () => {
    expect(sum([{ kind: "open", meta }])).toMatchObject({ state: "torn", exit: undefined });
  });

  it("is not there before the session begins", () => {
    expect(sum([])).toBeUndefined();
  });

  it("says which source was on from when to when, and what it said of itself", () => {
    const says = (
      source: "strace" | "inotify" | "transcript",
      state: "on" | "off" | "failed",
      detail: string,
    ): EventBody => ({
      kind: "observation",
      observation: { source: "coverage", fact: { source, state, detail } },
    });
    const summary = sum([
      { kind: "open", meta },
      says("strace", "on", "sees programs"),
      says("strace", "on", "sudo fails"),
      says("inotify", "failed", "not installed"),
      says("strace", "failed", "killed"),
      says("strace", "off", "over"),
      says("transcript", "on", "codex"),
    ]);
    expect(summary?.coverage).toEqual([
      {
        ...{ source: "strace", from: 10, to: 40, state: "failed" },
        details: ["sees programs", "sudo fails", "killed", "over"],
      },
      { source: "inotify", from: 30, to: 30, state: "failed", details: ["not installed"] },
      { source: "transcript", from: 60, to: undefined, state: "on", details: ["codex"] },
    ]);
  });
});
