import { describe, expect, it } from "vitest";
import { codex } from "../../../src/observe/transcripts/codex.js";
import { brief, factsOf, fixture } from "./reading.js";

const place = { cwds: ["/home/ada/shop"], env: {}, home: "/home/ada" };
const path = "/home/ada/.codex/sessions/2026/03/02/rollout-2026-03-02T10-00-00-01aa.jsonl";

describe("a transcript of Codex", () => {
  it("tells each call and each result", () => {
    expect(factsOf(codex, fixture("codex.jsonl")).map(brief)).toEqual([
      "call_a exec_command: ls src | wc -l",
      "call_a ok: 3",
      "call_b exec_command: cat missing.txt",
      "call_b failed: cat: missing.txt",
      "call_c apply_patch: [src/cart.ts src/basket.ts old.txt]",
      'call_c ok: {"output":"Success.","metadata":{"exit_code":0}}',
      "exec-9 user_shell: rm -rf build",
      "exec-9 failed: no",
      "call_d local_shell: git commit -m 'it'\\''s done'",
      "call_d failed: not a repository",
    ]);
  });

  it("keeps the whole input of a call", () => {
    const [call] = factsOf(codex, fixture("codex.jsonl"));
    expect(call).toMatchObject({
      agent: "codex",
      input: '{"cmd":"ls src | wc -l","workdir":"/home/ada/shop"}',
    });
  });

  it("takes what a command prints for what it is, not for its exit code", () => {
    const line = (payload: object): string => `${JSON.stringify({ type: "response_item", payload })}\n`;
    const output = "Process exited with code 0\nOutput:\nProcess exited with code 1\n";
    const text = line({ type: "function_call_output", call_id: "x", output });
    expect(factsOf(codex, Buffer.from(text))).toMatchObject([{ what: "result", failed: false }]);
  });

  it("says whose it is", () => {
    const meta = JSON.parse(fixture("codex.jsonl").toString().split("\n")[0] as string);
    expect(codex.origin(meta, path, place)).toEqual({
      session: "01aa0000-0000-7000-8000-000000000001",
      parent: undefined,
      here: true,
      startedAt: Date.parse("2026-03-02T10:00:00.050Z"),
    });
    expect(codex.origin(meta, path, { ...place, cwds: ["/home/ada"] })?.here).toBe(false);
    meta.payload.source = { subagent: { thread_spawn: { parent_thread_id: "above" } } };
    expect(codex.origin(meta, path, place)?.parent).toBe("above");
  });

  it("is known by its name", () => {
    expect(codex.isTranscript(path)).toBe(true);
    expect(codex.isTranscript(`${path}.zst`)).toBe(true);
    expect(codex.isTranscript(`${path}.tmp`)).toBe(false);
    expect(codex.isTranscript("/home/ada/.codex/history.jsonl")).toBe(false);
  });
});
