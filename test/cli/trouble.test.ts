import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeBuildLog } from "../../bench/buildLog.mjs";
import { BODYCAM, bodycam, Desk, environment, onlyRecording, scratch } from "./desk.js";

const LONG = process.env.BODYCAM_LONG === "1";
const KILLS = LONG ? 200 : 8;

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A program that writes numbered lines as fast as they are taken, and says when each hundredth was written. */
const COUNTER = `
  let n = 0;
  const go = () => {
    const lines = Array.from({ length: 100 }, () => "line " + n++ + " at " + Date.now() + "\\n");
    process.stdout.write(lines.join(""), () => setTimeout(go, 1));
  };
  go();
`;

describe("a killed recorder", () => {
  it(`leaves what was recorded whole and unchanged, in ${KILLS} kills at random moments`, {
    timeout: 3_600_000,
  }, async () => {
    const dir = scratch();
    for (let kill = 0; kill < KILLS; kill++) {
      const home = join(dir, `home-${kill}`);
      const desk = Desk.bodycam(home, [
        "run",
        "--quiet",
        "--no-alerts",
        "--",
        process.execPath,
        "-e",
        COUNTER,
      ]);
      const arrivals: { readonly bytes: number; readonly time: number }[] = [];
      desk.onOutput((total) => arrivals.push({ bytes: total, time: performance.now() }));
      await desk.until("line 0 ");
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 800));
      const killed = performance.now();
      process.kill(desk.pid, "SIGKILL");
      await desk.ended;
      const due = arrivals.findLast(({ time }) => time < killed - 50)?.bytes ?? 0;
      const verdict = await bodycam(home, ["verify", onlyRecording(home), "--json"]);
      expect(verdict.status).toBe(4);
      expect(JSON.parse(verdict.stdout.toString()).outcome).toBe("incomplete");
      const recorded = (await bodycam(home, ["cat", onlyRecording(home)])).stdout;
      // A matter of time, and so not for the everyday run: on a busy machine it measures the machine.
      if (LONG) expect(recorded.length).toBeGreaterThanOrEqual(due);
      expect(recorded.length).toBeGreaterThan(0);
      // The guard gives the terminal back with a few sequences of its own.
      const guard = desk.output.lastIndexOf("\x1b[?1000l");
      const shown = guard < 0 ? desk.output : desk.output.subarray(0, guard);
      const both = Math.min(recorded.length, shown.length);
      expect(digest(recorded.subarray(0, both))).toBe(digest(shown.subarray(0, both)));
      rmSync(home, { recursive: true });
    }
  });

  it("leaves a session that is listed as torn, with its flags", async () => {
    const home = scratch();
    const show = "echo '$ cp ~/.config/google-chrome/Default/Cookies /tmp/x'; sleep 60";
    const desk = Desk.bodycam(home, ["run", "--quiet", "--no-alerts", "--", "sh", "-c", show]);
    await desk.until("Cookies");
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(desk.pid, "SIGKILL");
    await desk.ended;
    const [session] = JSON.parse((await bodycam(home, ["list", "--json"])).stdout.toString());
    expect(session).toMatchObject({ state: "torn", worst: "high" });
  });
});

describe("an attack on the recording while it is made", () => {
  const slowly = (log: string) => [
    "sh",
    "-c",
    `stty -onlcr; head -c 400000 ${log}; sleep 1; tail -c +400001 ${log}; sleep 1`,
  ];

  it.each([
    ["rm -rf of the whole home", (home: string) => rmSync(home, { recursive: true, maxRetries: 20 })],
    ["a truncation", (home: string) => truncateSync(onlyRecording(home), 100)],
    [
      "another file in its place",
      (home: string) => {
        rmSync(onlyRecording(home));
        writeFileSync(onlyRecording(home), "nothing to see here");
      },
    ],
  ])("%s takes nothing away", async (_, attack) => {
    const dir = scratch();
    const home = join(dir, "home");
    const log = join(dir, "log");
    writeBuildLog(log, 1_000_000);
    const desk = Desk.bodycam(home, ["run", "--quiet", "--no-alerts", "--", ...slowly(log)]);
    await desk.until("[2%]");
    await new Promise((resolve) => setTimeout(resolve, 300));
    attack(home);
    expect(await desk.ended).toEqual({ by: "exit", code: 0 });
    const path = onlyRecording(home);
    expect((await bodycam(home, ["verify", path])).status).toBe(0);
    expect(digest((await bodycam(home, ["cat", path])).stdout)).toBe(digest(readFileSync(log)));
    const shown = JSON.parse((await bodycam(home, ["show", "--json"])).stdout.toString());
    expect(shown.notices).toBeGreaterThanOrEqual(2);
    expect(desk.output.toString()).toMatch(/bodycam: (Somebody|The recording was)/);
  });
});

describe("a disk in trouble", () => {
  /** A small file system of its own; undefined where we may not mount one. */
  function smallDisk(megabytes: number): string | undefined {
    const dir = join(scratch(), "disk");
    mkdirSync(dir);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", dir], { stdio: "ignore" });
    } catch {
      return undefined;
    }
    onTestFinished(() => {
      execFileSync("umount", ["-l", dir]);
    });
    return dir;
  }

  it("that is full: the agent goes on, the gap is recorded, nothing written is lost", async ({ skip }) => {
    const disk = smallDisk(24);
    if (disk === undefined) return skip("needs the right to mount a tmpfs");
    const dir = scratch();
    const log = join(dir, "log");
    const release = join(dir, "release");
    writeBuildLog(log, 30_000_000);
    const script = `stty -onlcr; cat ${log}; echo all shown; while ! test -e ${release}; do sleep 0.05; done; sleep 1; echo after`;
    const filler = join(disk, "filler");
    writeFileSync(filler, Buffer.alloc(20_000_000));
    const desk = Desk.bodycam(join(disk, "home"), [
      "run",
      "--quiet",
      "--no-alerts",
      "--",
      "sh",
      "-c",
      script,
    ]);
    await desk.until("all shown");
    rmSync(filler);
    writeFileSync(release, "");
    expect(await desk.ended).toEqual({ by: "exit", code: 0 });
    expect(digest(desk.output.subarray(0, 30_000_000))).toBe(
      digest(readFileSync(log).subarray(0, 30_000_000)),
    );
    expect(desk.output.toString("latin1")).toContain("bodycam: The disk was full");
    const path = onlyRecording(join(disk, "home"));
    expect((await bodycam(join(disk, "home"), ["verify", path])).status).toBe(0);
    const recorded = (await bodycam(join(disk, "home"), ["cat", path])).stdout;
    const whole = readFileSync(log);
    const prefix = firstDifference(recorded, whole);
    expect(prefix).toBeGreaterThan(100_000);
    expect(recorded.subarray(-"after\n".length).toString()).toBe("after\n");
    const shown = JSON.parse((await bodycam(join(disk, "home"), ["show", "--json"])).stdout.toString());
    expect(shown.gaps).toBeGreaterThan(0);
  });

  it("that is full at the start: nothing runs, and one sentence says why", async ({ skip }) => {
    const disk = smallDisk(1);
    if (disk === undefined) return skip("needs the right to mount a tmpfs");
    try {
      writeFileSync(join(disk, "filler"), Buffer.alloc(2_000_000));
    } catch {
      // Full is what it should be.
    }
    const ran = await bodycam(join(disk, "home"), ["run", "--", "touch", join(disk, "..", "ran")]);
    expect(ran.status).toBe(125);
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n$/);
    expect(existsSync(join(disk, "..", "ran"))).toBe(false);
  });

  it("a home that is read-only: nothing runs, and one sentence says why", async ({ skip }) => {
    const disk = smallDisk(1);
    if (disk === undefined) return skip("needs the right to mount a tmpfs");
    execFileSync("mount", ["-o", "remount,ro", disk]);
    const ran = await bodycam(join(disk, "home"), ["run", "--", "touch", join(disk, "..", "ran")]);
    expect(ran.status).toBe(125);
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n$/);
  });

  it("a home without permission: the same for another user", async ({ skip }) => {
    if (process.getuid?.() === 0) return skip("root may write everywhere");
    const home = scratch();
    chmodSync(home, 0o500);
    const ran = await bodycam(home, ["run", "--", "true"]);
    expect(ran.status).toBe(125);
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n$/);
  });
});

describe("bodycam's own crash", () => {
  it("gives the terminal back and says so", async () => {
    const home = scratch();
    const shell = new Desk(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment(home, { PS1: "prompt> " }),
    );
    await shell.until("prompt> ");
    const preload = join(home, "crash.cjs");
    writeFileSync(preload, "process.on('SIGUSR2', () => { throw new Error('as if') });");
    // The agent itself brings its camera down, before anything it wrote need have been shown.
    const agent = "stty raw; kill -USR2 $PPID; sleep 30";
    shell.type(`${process.execPath} -r ${preload} ${BODYCAM} run --quiet -- sh -c '${agent}'\r`);
    await shell.until("Something went wrong inside bodycam");
    await shell.untilAfter("Something went wrong inside bodycam", "prompt> ");
    shell.type("stty -a\r");
    await shell.until(" icanon iexten echo ");
    shell.type("exit\r");
    await shell.ended;
    expect((await bodycam(home, ["verify"])).status).toBe(4);
  });
});

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at;
  return length;
}
