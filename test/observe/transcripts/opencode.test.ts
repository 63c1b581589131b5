import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DatabaseReader } from "../../../src/observe/transcripts/agent.js";
import { Desk } from "./desk.js";
import { fixture } from "./reading.js";

let desk: Desk;
let db: Database.Database;
beforeEach(() => {
  desk = new Desk();
  const path = desk.write(".local/share/opencode/opencode.db", "");
  db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.exec(fixture("opencode.sql").toString());
});
afterEach(() => {
  db.close();
  desk.remove();
});

/** As the caller of the observer would open it: for reading only. */
function openDatabase(path: string): DatabaseReader {
  const reader = new Database(path, { readonly: true });
  return { all: (sql, params) => reader.prepare(sql).all(...params), close: () => reader.close() };
}

const session = (id: string, at: number, directory: string, parent: string | null = null): void => {
  db.prepare("INSERT INTO session VALUES (?, 'p', ?, ?, 't', ?, ?)").run(id, parent, directory, at, at);
};

function part(id: string, of: string, at: number, data: object): void {
  db.prepare(
    `INSERT INTO part VALUES (?, 'm', ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET data = excluded.data, time_updated = excluded.time_updated`,
  ).run(id, of, at, at, JSON.stringify(data));
}

const call = (id: string, command: string, state: object): object => ({
  type: "tool",
  tool: "bash",
  callID: id,
  state: { input: { command }, ...state },
});

describe("the database of opencode", () => {
  it("tells a call when it runs and its result when it is there", async () => {
    const watch = desk.watch(["opencode"], { openDatabase });
    const at = desk.startedAt + 1000;
    session("s1", at, desk.cwd);
    part("p0", "s1", at, { type: "text", text: "hello" });
    part("p1", "s1", at, call("a", "ls", { status: "pending", input: {} }));
    await watch.until(() => watch.coverage.some((fact) => fact.state === "on"));
    part("p1", "s1", at + 1, call("a", "ls", { status: "running" }));
    await watch.until(() => watch.facts.length === 1);
    part("p1", "s1", at + 2, call("a", "ls", { status: "completed", output: "x\n", metadata: { exit: 2 } }));
    await watch.until(() => watch.facts.length === 2);
    const path = db.name;
    expect(await watch.stop()).toEqual([{ agent: "opencode", path, conversations: ["s1"] }]);
    expect(watch.briefly).toEqual(["a bash: ls", "a failed: x"]);
  });

  it("tells what subagents do, and nothing of other sessions, directories and times", async () => {
    const at = desk.startedAt + 1000;
    const done = { status: "completed", output: "" };
    session("ours", at, desk.cwd);
    session("child", at + 1, desk.cwd, "ours");
    session("grandchild", at + 2, desk.cwd, "child");
    session("elsewhere", at, "/somewhere/else");
    session("before", desk.startedAt - 1000, desk.cwd);
    for (const of of ["ours", "child", "grandchild", "elsewhere", "before"])
      part(`p-${of}`, of, at + 5, call(of, "true", done));
    part("p-old", "ours", at + 5, call("old", "true", { ...done, time: { start: 5, end: 6 } }));
    const watch = desk.watch(["opencode"], { openDatabase });
    await watch.stop();
    const calls = watch.facts.filter((fact) => fact.what === "call").map((fact) => fact.call);
    expect(calls.sort()).toEqual(["child", "grandchild", "ours"]);
  });

  it("leaves out two that can't be told apart", async () => {
    session("one", desk.startedAt + 1000, desk.cwd);
    session("two", desk.startedAt + 1000, desk.cwd);
    const watch = desk.watch(["opencode"], { openDatabase });
    expect(await watch.stop()).toEqual([]);
    expect(watch.trouble.filter((said) => said.includes("can't be told whose"))).toHaveLength(2);
  });

  it("pages through many rows of the same moment", async () => {
    const at = desk.startedAt + 1000;
    session("s1", at, desk.cwd);
    db.transaction(() => {
      for (let i = 0; i < 1234; i++) part(`p${i}`, "s1", at, call(`c${i}`, "true", { status: "running" }));
    })();
    const watch = desk.watch(["opencode"], { openDatabase });
    await watch.stop();
    expect(new Set(watch.facts.map((fact) => fact.call)).size).toBe(1234);
    expect(watch.facts).toHaveLength(1234);
  });

  it("is said not to be read when it is of another shape, or can't be opened", async () => {
    db.exec("DROP TABLE part; DROP TABLE session; CREATE TABLE session (id text)");
    const watch = desk.watch(["opencode"], { openDatabase });
    await watch.stop();
    expect(watch.trouble.join("\n")).toContain("could not be read: no such column");
    const closed = desk.watch(["opencode"], {
      openDatabase: () => {
        throw new Error("locked");
      },
    });
    await closed.stop();
    expect(closed.trouble.join("\n")).toContain("could not be read: locked");
  });
});
