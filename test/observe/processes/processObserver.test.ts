import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tracerOf } from "../../../src/observe/processes/procfs.js";
import { find } from "../../../src/observe/processes/straceCommand.js";
import { commandsOf, end, forget, observe, PATH, straceWorks } from "./observed.js";

const has = (name: string): boolean => find(name, PATH) !== undefined;

describe.skipIf(!straceWorks)("a session under strace", () => {
  it("sees every command with parent, directory and end, in order", async () => {
    const session = await observe(
      "auto",
      `mkdir sub && cd sub && touch a
       (ls; true) >/dev/null
       env x=1 sh -c 'echo hidden >/dev/null; uname' >/dev/null
       setsid sh -c 'exec hostname' >/dev/null </dev/null & wait
       exit 3`,
    );
    expect(await session.exit).toEqual({ code: 3, signal: null });
    await session.observer.stop();
    const { facts, cwd, child } = session;
    const root = child.pid as number;
    expect(commandsOf(facts).slice(1)).toEqual([
      "mkdir sub",
      "touch a",
      "ls",
      "env x=1 sh -c echo hidden >/dev/null; uname",
      "sh -c echo hidden >/dev/null; uname",
      "uname",
      "setsid sh -c exec hostname",
      "sh -c exec hostname",
      "hostname",
    ]);
    expect(facts.find((f) => f.what === "exec")).toMatchObject({ pid: root, ppid: process.pid, cwd });
    const touch = facts.find((f) => f.what === "exec" && f.argv[0] === "touch");
    expect(touch).toMatchObject({ ppid: root, image: "/usr/bin/touch", cwd: join(cwd, "sub") });
    expect(facts.at(-1)).toEqual({ what: "exit", pid: root, code: 3, signal: null });
    const ended = new Set(facts.flatMap((f) => (f.what === "exit" ? [f.pid] : [])));
    for (const fact of facts) if (fact.what === "exec") expect(ended).toContain(fact.pid);
    expect(session.coverage.map(({ source, state }) => `${source} ${state}`)).toEqual([
      "strace on",
      "strace off",
    ]);
    forget(session);
  });

  it("keeps the program's number, parent, name, output and signals as they are without", async () => {
    const script = `echo "$0 $PPID $$"; echo err >&2; kill -TERM $$`;
    const seen = await observe("auto", "", { argv: ["bash", "-c", script] });
    const without = await observe("off", "", { argv: ["bash", "-c", script] });
    expect(await seen.exit).toEqual({ code: null, signal: "SIGTERM" });
    expect(await without.exit).toEqual({ code: null, signal: "SIGTERM" });
    await Promise.all([seen.observer.stop(), without.observer.stop()]);
    const shape = (text: string): string => text.split("\n").sort().join("\n");
    expect(shape(await seen.output())).toBe(shape(`bash ${process.pid} ${seen.child.pid}\nerr\n`));
    expect(shape(await without.output())).toBe(shape(`bash ${process.pid} ${without.child.pid}\nerr\n`));
    expect(seen.facts.at(-1)).toEqual({
      what: "exit",
      pid: seen.child.pid,
      code: null,
      signal: "SIGTERM",
    });
    expect(without.facts).toEqual([]);
    forget(seen);
    forget(without);
  });

  it("sees deletes, overwriting renames and connections", async () => {
    const session = await observe(
      "auto",
      `echo 1 >a; echo 2 >b; mv a t; mv b t; mkdir d; touch d/x; rm -r d
       (: </dev/tcp/127.0.0.1/1) 2>/dev/null`,
    );
    await session.exit;
    await session.observer.stop();
    const { facts, cwd } = session;
    expect(facts.filter((f) => f.what === "rename")).toMatchObject([
      { from: join(cwd, "a"), to: join(cwd, "t"), overwrote: false, scope: "inside" },
      { from: join(cwd, "b"), to: join(cwd, "t"), overwrote: true, scope: "inside" },
    ]);
    expect(facts.flatMap((f) => (f.what === "delete" ? [f.path] : []))).toEqual([
      join(cwd, "d/x"),
      join(cwd, "d"),
    ]);
    expect(facts.filter((f) => f.what === "connect")).toMatchObject([{ address: "127.0.0.1", port: 1 }]);
    forget(session);
  });

  it("loses no line in a burst", async () => {
    const session = await observe("auto", "for i in $(seq 1000); do /bin/true $i; done");
    await session.exit;
    await session.observer.stop();
    const numbers = commandsOf(session.facts).flatMap((c) => /^\/bin\/true (\d+)$/.exec(c)?.[1] ?? []);
    expect(numbers).toEqual(Array.from({ length: 1000 }, (_, i) => String(i + 1)));
    forget(session);
  });

  it("knows who belongs to the session, from the first moment, and who does not", async () => {
    const session = await observe("auto", "setsid sleep 100 & sleep 100 & echo there; wait");
    const other = spawn("sleep", ["100"]);
    const sleeper = await session.fact((f) => f.what === "exec" && f.argv[0] === "sleep");
    const { observer, child } = session;
    expect(observer.belongs(child.pid as number)).toBe(true);
    expect(observer.belongs(sleeper.pid)).toBe(true);
    expect(observer.describe(sleeper.pid)).toMatchObject({ image: "/usr/bin/sleep", command: "sleep 100" });
    expect(observer.belongs(other.pid as number)).toBe(false);
    expect(observer.belongs(process.pid)).toBe(false);
    other.kill();
    end(observer.living().map(({ pid }) => pid));
    await session.exit;
    await observer.stop();
    forget(session);
  });

  it("lets a daemon live on after the session, able to do everything it could", async () => {
    const session = await observe(
      "auto",
      `setsid sh -c 'while [ ! -e go ]; do sleep 0.02; done; mv go went; ls >listed; touch done; exec sleep 100' </dev/null >/dev/null 2>&1 &
       exit 0`,
    );
    const daemon = await session.fact((f) => f.what === "exec" && f.argv[0] === "sh");
    await session.exit;
    await session.observer.stop();
    expect(session.coverage.at(-1)).toMatchObject({ source: "strace", state: "off" });
    expect(session.coverage.at(-1)?.detail).toMatch(/no longer seen/);
    writeFileSync(join(session.cwd, "go"), "");
    await expect.poll(() => existsSync(join(session.cwd, "done")), { timeout: 20_000 }).toBe(true);
    expect(readFileSync(join(session.cwd, "listed"), "utf8")).toContain("went");
    process.kill(daemon.pid, "SIGKILL");
    forget(session);
  });

  it("says so when strace is killed, and who was left", async () => {
    const session = await observe("auto", "sleep 100; true");
    const sleep = await session.fact((f) => f.what === "exec" && f.argv[0] === "sleep");
    process.kill(tracerOf(session.child.pid as number) as number, "SIGKILL");
    await expect
      .poll(() => session.coverage.at(-1))
      .toMatchObject({ source: "strace", state: "failed", detail: expect.stringMatching(/was killed/) });
    expect(session.lost).toEqual([session.child.pid, sleep.pid]);
    // A newer strace has taken them along.
    end(session.lost);
    expect(await session.exit).toEqual({ code: null, signal: "SIGKILL" });
    await session.observer.stop();
    expect(session.coverage.at(-1)?.state).toBe("failed");
    forget(session);
  });

  it.skipIf(!has("strace"))("says why a tracer inside fails", async () => {
    const session = await observe("auto", "strace -o /dev/null true");
    expect((await session.exit).code).not.toBe(0);
    await session.observer.stop();
    expect(session.coverage.map((c) => c.detail).join("\n")).toMatch(/refused.*--observe process/);
    forget(session);
  });

  it.skipIf(!has("setpriv") || process.geteuid?.() !== 0)(
    "follows a program into namespaces and other users",
    async () => {
      const session = await observe(
        "auto",
        "unshare -pf sh -c 'uname >/dev/null; true'; setpriv --reuid 65534 hostname",
      );
      await session.exit;
      await session.observer.stop();
      const inner = session.facts.find((f) => f.what === "exec" && f.argv[0] === "uname");
      const shell = session.facts.find((f) => f.what === "exec" && f.argv[0] === "sh");
      expect(commandsOf(session.facts)).toContain("hostname");
      expect(inner).toMatchObject({ ppid: shell?.pid });
      forget(session);
    },
  );

  it("sees opens with full", async () => {
    const session = await observe("full", "echo x >a; ln -s a link; cat link >/dev/null; echo y >a");
    await session.exit;
    await session.observer.stop();
    const opened = session.touched.map(({ path, access }) => `${access} ${path}`);
    expect(opened).toContain(`open ${join(session.cwd, "a")}`);
    expect(opened).toContain(`write ${join(session.cwd, "a")}`);
    expect(session.facts).toContainEqual(
      expect.objectContaining({ what: "truncate", path: join(session.cwd, "a"), scope: "inside" }),
    );
    forget(session);
  });
});

describe("a session without strace", () => {
  it.skipIf(process.platform !== "linux")("follows the process table, daemons too", async () => {
    const session = await observe(
      "process",
      "cd /; sleep 100 & (setsid sleep 200 </dev/null >/dev/null 2>&1 &); sleep 0.2; uname >/dev/null; exec sleep 300",
    );
    const { observer } = session;
    for (const seconds of [100, 200, 300])
      await session.fact((f) => f.what === "exec" && f.argv.join(" ") === `sleep ${seconds}`);
    const pids = observer.living().map(({ pid }) => pid);
    expect(pids).toContain(session.child.pid);
    expect(observer.living().find(({ argv }) => argv[1] === "100")?.cwd).toBe("/");
    end(pids);
    await session.exit;
    await observer.stop();
    expect(session.facts).toContainEqual(expect.objectContaining({ what: "exit", pid: session.child.pid }));
    expect(session.coverage.map(({ source, state }) => `${source} ${state}`)).toEqual([
      "process-table on",
      "process-table off",
    ]);
    forget(session);
  });

  it("does not fail when nothing was started", async () => {
    const session = await observe("off", "true");
    await session.exit;
    await session.observer.stop();
    expect(session.coverage).toMatchObject([{ source: "strace", state: "off" }]);
    expect(session.observer.belongs(process.pid)).toBe(false);
    forget(session);
  });
});
