import { describe, expect, it } from "vitest";
import { claude } from "../../../src/observe/transcripts/claude.js";
import { brief, factsOf, fixture } from "./reading.js";

const place = { cwds: ["/home/ada/my.shop"], env: {}, home: "/home/ada" };
const folder = "/home/ada/.claude/projects/-home-ada-my-shop";

describe("a transcript of Claude Code", () => {
  it("tells each call and each result", () => {
    expect(factsOf(claude, fixture("claude.jsonl")).map(brief)).toEqual([
      "toolu_a Bash: ls ~/.mozilla",
      "toolu_a ok: firefox",
      "toolu_b Edit: [/home/ada/shop/cart.ts]",
      "toolu_b failed: not read yet",
      "toolu_c mcp__notes__edit: [notes.md]",
      "u7 user_shell: git status",
    ]);
  });

  it("tells what a subagent did", () => {
    expect(factsOf(claude, fixture("claude-subagent.jsonl")).map(brief)).toEqual([
      "toolu_s Bash: find . | wc -l",
    ]);
  });

  it("lies in a folder named after the working directory", async () => {
    expect(await claude.folders(place, 0, false)).toEqual([{ path: folder, depth: 0 }]);
    const elsewhere = { ...place, env: { CLAUDE_CONFIG_DIR: "/c" } };
    expect(await claude.folders(elsewhere, 0, false)).toEqual([
      { path: "/c/projects/-home-ada-my-shop", depth: 0 },
    ]);
    expect(claude.children(`${folder}/abc.jsonl`, undefined)?.path).toBe(`${folder}/abc/subagents`);
  });

  it("says whose it is, a subagent's too", () => {
    const record = { sessionId: "abc", cwd: "/home/ada/my.shop", timestamp: "2026-03-02T10:00:00.000Z" };
    expect(claude.origin(record, `${folder}/abc.jsonl`, place)).toMatchObject({
      session: "abc",
      parent: undefined,
      here: true,
    });
    expect(claude.origin(record, `${folder}/agent-1.jsonl`, place)).toMatchObject({ parent: "abc" });
    expect(claude.origin({ sessionId: "abc" }, `${folder}/abc.jsonl`, place)).toBeUndefined();
  });
});
