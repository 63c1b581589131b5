import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { verifyRecording } from "../../src/recording/verify.js";
import { outputOf, readAll, scratch } from "./support.js";

const RECORDER = fileURLToPath(new URL("recorder.mjs", import.meta.url));

/** Starts the recorder, with what a shell command such as `ulimit` does before. */
function start(path: string, lines = "", before = "true"): ChildProcess {
  const script = `${before}; exec "$0" "$1" "$2" $3`;
  return spawn("bash", ["-c", script, process.execPath, RECORDER, path, lines], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The output must be the numbered lines from the first one on, cut anywhere. */
function expectLines(output: Buffer): void {
  const wanted: string[] = [];
  for (let length = 0, number = 0; length < output.length; number++) {
    const line = `line ${number}\n`;
    wanted.push(line);
    length += line.length;
  }
  expect(output.equals(Buffer.from(wanted.join("")).subarray(0, output.length))).toBe(true);
}

test("a recorder killed at any moment under load leaves what was committed, and nothing false", async () => {
  const dir = scratch();
  for (let round = 0; round < 12; round++) {
    const path = join(dir, `${round}.bodycam`);
    const child = start(path);
    const stdout = child.stdout;
    if (stdout === null) throw new Error("no pipe");
    let committed = 0;
    let commits = 0;
    const stop = 1 + Math.floor(Math.random() * 40);
    for await (const line of createInterface(stdout)) {
      committed = Number(line);
      if (++commits === stop) child.kill("SIGKILL");
    }
    expect(commits).toBeGreaterThanOrEqual(stop);
    const report = await verifyRecording(path);
    expect(report.outcome).toBe("incomplete");
    const { events, stop: why } = readAll(path);
    expect(["no-end", "torn"]).toContain(why?.kind);
    expect(why?.offset).toBeGreaterThanOrEqual(committed);
    expect(report.frames).toBe(events.length);
    expectLines(outputOf(events));
  }
});

test("a limit on the size of files is a full disk: the session goes on, and the gap is in the recording", async () => {
  const path = join(scratch(), "recording.bodycam");
  // 1 MiB in blocks of 1 KiB; the lines are a good 2 MB.
  const child = start(path, "200000", "ulimit -f 1024");
  const stdout = child.stdout;
  if (stdout === null) throw new Error("no pipe");
  let last = "";
  for await (const line of createInterface(stdout)) last = line;
  if (child.exitCode === null) await once(child, "exit");
  expect(child.exitCode).toBe(0);
  expect(JSON.parse(last)).toEqual({ intact: true, number: 200_000 });
  expect(statSync(path).size).toBeLessThanOrEqual(1024 * 1024);
  expect((await verifyRecording(path)).problems).toEqual([]);
  const { events } = readAll(path);
  const gaps = events.flatMap((event) => (event.kind === "gap" ? [event.gap] : []));
  expect(gaps.map((gap) => gap.reason)).toEqual(["disk-full"]);
  const output = outputOf(events);
  expectLines(output);
  const whole = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join("").length;
  expect(output.length + (gaps[0]?.outputBytes ?? 0)).toBe(whole);
});
