import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bodycam, Desk, scratch } from "./desk.js";

// The long form: `npm run torture`.
const LONG = process.env.BODYCAM_LONG === "1";
const SHORT_RUNS = LONG ? 1000 : 20;
const BIG_RUNS = LONG ? 20 : 2;

const RAW = "stty raw -echo 2>/dev/null; exec cat";

/** `bodycam cat` of what a command wrote. */
const recorded = async (home: string) => (await bodycam(home, ["cat"])).stdout;

describe("no byte is lost or changed", () => {
  it(`in ${SHORT_RUNS} short runs at a terminal`, { timeout: 3_600_000 }, async () => {
    const dir = scratch();
    const file = join(dir, "bytes");
    for (let run = 0; run < SHORT_RUNS; run++) {
      const home = join(dir, `home-${run % 10}-${run}`);
      const bytes = randomBytes(64 * 1024);
      writeFileSync(file, bytes);
      const desk = Desk.bodycam(home, ["run", "--quiet", "--no-alerts", "--", "sh", "-c", `${RAW} ${file}`]);
      expect(await desk.ended).toEqual({ by: "exit", code: 0 });
      expect(desk.output.equals(bytes)).toBe(true);
      expect((await recorded(home)).equals(bytes)).toBe(true);
    }
  });

  it(`in ${SHORT_RUNS} short runs without a terminal`, { timeout: 3_600_000 }, async () => {
    const dir = scratch();
    const file = join(dir, "bytes");
    for (let run = 0; run < SHORT_RUNS; run++) {
      const home = join(dir, `home-${run}`);
      const bytes = randomBytes(64 * 1024);
      writeFileSync(file, bytes);
      const ran = await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `${RAW} ${file}`]);
      expect(ran).toMatchObject({ status: 0, stderr: "" });
      expect(ran.stdout.equals(bytes)).toBe(true);
      expect((await recorded(home)).equals(bytes)).toBe(true);
    }
  });

  it(`in ${BIG_RUNS} runs of 20 MB`, { timeout: 3_600_000 }, async () => {
    const dir = scratch();
    const file = join(dir, "bytes");
    for (let run = 0; run < BIG_RUNS; run++) {
      const home = join(dir, `home-${run}`);
      const bytes = randomBytes(20_000_000);
      writeFileSync(file, bytes);
      const desk = Desk.bodycam(home, ["run", "--quiet", "--no-alerts", "--", "sh", "-c", `${RAW} ${file}`]);
      expect(await desk.ended).toEqual({ by: "exit", code: 0 });
      expect(desk.output.equals(bytes)).toBe(true);
      expect((await recorded(home)).equals(bytes)).toBe(true);
    }
  });

  it("when they are no UTF-8, and when they are zero", async () => {
    const dir = scratch();
    const file = join(dir, "bytes");
    const bytes = Buffer.concat([
      Buffer.from("\xc3\x28\xff\xfe\xf0\x9f\x98", "latin1"),
      Buffer.alloc(5000),
      Buffer.from("\x1b[31mred\x9b0m\x00\r\n\x80", "latin1"),
    ]);
    writeFileSync(file, bytes);
    await bodycam(dir, ["run", "--quiet", "--", "sh", "-c", `${RAW} ${file}`]);
    expect((await recorded(dir)).equals(bytes)).toBe(true);
  });

  it("when the terminal takes nothing for a while, and the agent waits meanwhile", async () => {
    const dir = scratch();
    const file = join(dir, "bytes");
    const bytes = randomBytes(20_000_000);
    writeFileSync(file, bytes);
    const desk = Desk.bodycam(dir, [
      "run",
      "--quiet",
      "--no-alerts",
      "--",
      "sh",
      "-c",
      `printf ready; ${RAW} ${file}`,
    ]);
    desk.holdOutput();
    await desk.until("ready");
    const stuckAt = await settled(() => desk.output.length);
    expect(stuckAt).toBeLessThan(1_000_000);
    desk.takeOutput();
    expect(await desk.ended).toEqual({ by: "exit", code: 0 });
    expect(desk.output.subarray("ready".length).equals(bytes)).toBe(true);
    expect((await recorded(dir)).subarray("ready".length).equals(bytes)).toBe(true);
  });
});

/** The value of `read` once it has stayed the same for a second. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = read();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
