import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codex } from "../../../src/observe/transcripts/codex.js";
import { Desk } from "./desk.js";
import { brief, factsOf, fixture, fixturePath } from "./reading.js";

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());

const CODEX = factsOf(codex, fixture("codex.jsonl")).map(brief);
const onLinux = it.runIf(process.platform === "linux");

describe("a transcript that grows", () => {
  it("is told while it grows, half a line when its rest is there", async () => {
    const watch = desk.watch(["codex"]);
    const text = desk.text("codex.jsonl");
    const lines = text.split("\n");
    const half = lines.slice(0, 4).join("\n").length - 20;
    const path = desk.write(desk.codexPath("a"), text.slice(0, half));
    await watch.until(() => watch.coverage.some((fact) => fact.state === "on"));
    expect(watch.facts).toEqual([]);
    appendFileSync(path, text.slice(half, half + 100));
    await watch.until(() => watch.facts.length === 1);
    expect(watch.briefly).toEqual(CODEX.slice(0, 1));
    appendFileSync(path, text.slice(half + 100));
    await watch.until(() => watch.facts.length === CODEX.length);
    expect(await watch.stop()).toEqual([{ agent: "codex", path }]);
    expect(watch.briefly).toEqual(CODEX);
    expect(watch.trouble).toEqual([]);
  });

  it("is read to its end when the session ends, also a last line without a line break", async () => {
    const watch = desk.watch(["codex"]);
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl").trimEnd());
    await watch.stop();
    expect(watch.briefly).toEqual(CODEX);
  });

  it("tells each call once when the file is written anew, cut, or replaced", async () => {
    const watch = desk.watch(["codex"]);
    const text = desk.text("codex.jsonl");
    const path = desk.write(desk.codexPath("a"), text);
    await watch.until(() => watch.facts.length === CODEX.length);
    const late = (id: string): string =>
      `${JSON.stringify({ type: "response_item", payload: { type: "function_call", name: "shell", arguments: "{}", call_id: id } })}\n`;
    desk.write(desk.codexPath("a"), late("shorter"));
    await watch.until(() => watch.facts.length === CODEX.length + 1);
    renameSync(desk.write("other.jsonl", `${text}${late("replaced")}`), path);
    await watch.until(() => watch.facts.length === CODEX.length + 2);
    await watch.stop();
    expect(watch.facts.slice(CODEX.length).map((fact) => fact.call)).toEqual(["shorter", "replaced"]);
  });

  it("tells what subagents of Claude Code do", async () => {
    const watch = desk.watch(["claude"]);
    const session = "c0000000-0000-4000-8000-000000000001";
    desk.write(desk.claudePath(`${session}.jsonl`), desk.text("claude.jsonl"));
    await watch.until(() => watch.facts.length === 6);
    desk.write(desk.claudePath(`${session}/subagents/agent-1.jsonl`), desk.text("claude-subagent.jsonl"));
    await watch.until(() => watch.facts.length === 7);
    expect(watch.briefly.at(-1)).toBe("toolu_s Bash: find . | wc -l");
    expect((await watch.stop()).map((one) => one.agent)).toEqual(["claude", "claude"]);
  });

  it("tells what subagents of Codex do, from files of their own", async () => {
    const watch = desk.watch(["codex"]);
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl"));
    await watch.until(() => watch.facts.length === CODEX.length);
    const child = desk
      .text("codex.jsonl")
      .replace('"id":"01aa0000-0000-7000-8000-000000000001"', '"id":"child"')
      .replace(
        '"source":"exec"',
        '"source":{"subagent":{"thread_spawn":{"parent_thread_id":"01aa0000-0000-7000-8000-000000000001"}}}',
      )
      .replace(/"call_([a-d])"/g, '"child_$1"');
    desk.write(desk.codexPath("b"), child);
    await watch.until(() => watch.briefly.includes("child_a ok: 3"));
    expect(await watch.stop()).toHaveLength(2);
  });

  it("finds those of Gemini CLI by its list of projects, and by the directory's hash", async () => {
    const watch = desk.watch(["gemini"]);
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256").update(desk.cwd).digest("hex");
    const text = desk.text("gemini.jsonl").replace(/"projectHash":"\w+"/, `"projectHash":"${hash}"`);
    desk.write(".gemini/projects.json", JSON.stringify({ projects: { [desk.cwd]: "shop-1" } }));
    desk.write(".gemini/tmp/shop-1/chats/session-a.jsonl", text);
    await watch.until(() => watch.facts.length === 6);
    await watch.stop();
    const older = desk.watch(["gemini"]);
    desk.write(".gemini/projects.json", "{");
    const document = desk.text("gemini.json").replace(/"projectHash": "\w+"/, `"projectHash": "${hash}"`);
    desk.write(`.gemini/tmp/${hash}/chats/session-b.json`, document);
    await older.until(() => older.facts.length === 6);
    await older.stop();
  });
});

describe("whose a transcript is", () => {
  it("not the session's: another directory, an older conversation, an older record", async () => {
    const text = desk.text("codex.jsonl");
    desk.write(desk.codexPath("elsewhere"), desk.text("codex.jsonl", "/somewhere/else"));
    desk.write(
      desk.codexPath("before"),
      fixture("codex.jsonl").toString().replaceAll("/home/ada/shop", desk.cwd).replaceAll("2026-", "2016-"),
    );
    const untouched = desk.write(desk.codexPath("untouched"), text);
    utimesSync(untouched, 1_000_000, 1_000_000);
    const watch = desk.watch(["codex"]);
    expect(await watch.stop()).toEqual([]);
    expect(watch.facts).toEqual([]);
    expect(watch.trouble).toEqual([
      "no transcript was found (looked for: codex): what the agent says that it did is not known",
    ]);
  });

  it("a conversation that is resumed is the session's from its start on", async () => {
    const old = fixture("codex.jsonl")
      .toString()
      .replaceAll("/home/ada/shop", desk.cwd)
      .replaceAll("2026-", "2016-");
    desk.write(
      ".codex/sessions/2016/03/02/rollout-old.jsonl",
      old.concat(desk.text("codex.jsonl").replace(/"call_([a-d])"/g, '"new_$1"')),
    );
    const watch = desk.watch(["codex", "resume", "--last"]);
    await watch.stop();
    expect(watch.briefly.filter((told) => told.startsWith("call_"))).toEqual([]);
    expect(watch.briefly.filter((told) => told.startsWith("new_"))).toHaveLength(8);
  });

  it("none, of two that could be it", async () => {
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl"));
    desk.write(desk.codexPath("b"), desk.text("codex.jsonl").replaceAll("01aa0000", "01bb0000"));
    const watch = desk.watch(["codex"]);
    expect(await watch.stop()).toEqual([]);
    expect(watch.facts).toEqual([]);
    expect(watch.trouble.filter((said) => said.includes("can't be told whose"))).toHaveLength(2);
  });

  it("the one that a process of the session writes", async () => {
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl"));
    const path = desk.write(desk.codexPath("b"), desk.text("codex.jsonl").replaceAll("01aa0000", "01bb0000"));
    const watch = desk.watch(["codex"]);
    watch.observer.opened(path);
    await watch.until(() => watch.facts.length === CODEX.length);
    expect(await watch.stop()).toEqual([{ agent: "codex", path }]);
  });

  onLinux(
    "the one that a process of the session holds open, and not the one that another holds",
    async () => {
      const [mine, other] = [desk.codexPath("a"), desk.codexPath("b")].map((path, i) =>
        desk.write(path, desk.text("codex.jsonl").replaceAll("01aa0000", `01${i}a0000`)),
      ) as [string, string];
      const holds = (path: string) => spawn("tail", ["-f", path], { stdio: ["ignore", "pipe", "ignore"] });
      const [our, their] = [holds(mine), holds(other)];
      await Promise.all(
        [our, their].map((child) => new Promise((resolve) => child.stdout.once("data", resolve))),
      );
      const watch = desk.watch(["bash"]);
      watch.observer.executed({ pid: our.pid as number, ppid: 1, argv: ["codex"], cwd: desk.cwd });
      await watch.until(() => watch.facts.length === CODEX.length);
      expect(await watch.stop()).toEqual([{ agent: "codex", path: mine }]);
      for (const child of [our, their]) child.kill();
    },
  );

  onLinux("the one that Claude Code says its process has", async () => {
    const session = "c0000000-0000-4000-8000-000000000001";
    const other = session.replace("c0", "d0");
    const path = desk.write(desk.claudePath(`${session}.jsonl`), desk.text("claude.jsonl"));
    desk.write(
      desk.claudePath(`${other}.jsonl`),
      desk.text("claude.jsonl").replaceAll("c0000000", "d0000000"),
    );
    const says = (pid: number, sessionId: string): string =>
      desk.write(`.claude/sessions/${pid}.json`, JSON.stringify({ pid, sessionId, cwd: desk.cwd }));
    says(process.pid, session);
    says(1, other);
    const watch = desk.watch(["claude"], { ancestor: process.pid });
    await watch.until(() => watch.facts.length === 6);
    expect(await watch.stop()).toEqual([{ agent: "claude", path }]);
    expect(watch.trouble).toEqual([]);
  });

  it("found through a working directory that is a link", async () => {
    const link = join(desk.home, "link");
    symlinkSync(desk.cwd, link);
    const watch = desk.watch(["codex"], { cwd: link });
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl"));
    await watch.until(() => watch.facts.length === CODEX.length);
    await watch.stop();
  });

  it("found where the environment says", async () => {
    const watch = desk.watch(["codex"], {
      env: { HOME: desk.home, CODEX_HOME: join(desk.home, "elsewhere") },
    });
    desk.write(desk.codexPath("a").replace(".codex", "elsewhere"), desk.text("codex.jsonl"));
    await watch.until(() => watch.facts.length === CODEX.length);
    await watch.stop();
  });
});

describe("what may lie there instead", () => {
  it("a folder, a link to nothing, a file that may not be read: none of it stops the others", async () => {
    mkdirSync(join(desk.home, desk.codexPath("folder")), { recursive: true });
    symlinkSync("/nowhere", join(desk.home, desk.codexPath("link")));
    desk.write(desk.codexPath("junk"), "\0\x01{not json\n[]\n{}\nnull\n");
    const watch = desk.watch(["codex"]);
    desk.write(desk.codexPath("a"), desk.text("codex.jsonl"));
    await watch.until(() => watch.facts.length === CODEX.length);
    expect(await watch.stop()).toHaveLength(1);
  });

  it("a command that is no agent: said, and nothing told", async () => {
    const watch = desk.watch(["make", "all"]);
    watch.observer.executed({ pid: 99_999_999, ppid: 1, argv: ["make", "all"], cwd: desk.cwd });
    expect(await watch.stop()).toEqual([]);
    expect(watch.trouble).toEqual([]);
    expect(watch.coverage.at(-1)?.detail).toContain("no agent whose transcript is understood was run");
  });

  it("a compressed transcript", async () => {
    const { follow } = await import("../../../src/observe/transcripts/follow.js");
    const read = codex.reader();
    const told: string[] = [];
    const follower = follow(fixturePath("codex.jsonl.zst"), (record) =>
      told.push(...read(record).map(({ fact }) => brief(fact))),
    );
    await follower.finish();
    expect(told).toEqual(CODEX);
    expect(follower.skipped).toBe(0);
  });
});
