import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Flag } from "../../src/core/flag.js";
import { straceWorks } from "../observe/processes/observed.js";
import { BODYCAM, bodycam, Desk, environment, scratch } from "./desk.js";

const BELL = "\x1b]9;bodycam: ";
const COPY = "cp ~/.config/google-chrome/Default/Cookies /tmp/none/x";

const json = async (home: string, args: readonly string[]) =>
  JSON.parse((await bodycam(home, args)).stdout.toString());

/** A session of a person whose home has a browser's cookies. */
function session(home: string, script: string): Desk {
  const user = scratch();
  mkdirSync(join(user, ".config/google-chrome/Default"), { recursive: true });
  writeFileSync(join(user, ".config/google-chrome/Default/Cookies"), "x");
  const argv = [process.execPath, BODYCAM, "run", "--quiet", "--", "sh", "-c", script];
  return new Desk(argv, environment(home, { HOME: user }), user);
}

describe.skipIf(!straceWorks)("an act that is typed and then done", () => {
  it("is one flag that becomes confirmed, live and when read again, and rings once", async () => {
    const home = scratch();
    await bodycam(home, ["run", "--quiet", "--", "true"]);
    const follower = Desk.bodycam(home, ["flags", "--follow"]);
    await follower.until("waiting for flags");
    const desk = session(home, 'stty -echo -icanon; echo ready; read line; read go; eval "$line"; read end');
    await desk.until("ready");
    desk.type(`${COPY}\r`);
    await follower.until("asked for: it was typed");
    desk.type("go\r");
    await follower.until("now confirmed");
    desk.type("end\r");
    await desk.ended;
    follower.signal("SIGINT");
    await follower.ended;
    expect(desk.output.toString().split(BELL)).toHaveLength(2);
    expect(follower.output.toString().split("now confirmed")).toHaveLength(2);
    const live: readonly Flag[] = await json(home, ["flags", "--json"]);
    const cookies = live.filter((flag) => flag.rule.tags.includes("attack.t1539"));
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ confidence: "confirmed" });
    expect(new Set(cookies[0]?.evidence.map((piece) => piece.source))).toContain("process");
    await bodycam(home, ["rebuild"]);
    expect(await json(home, ["flags", "--json"])).toEqual(live);
    const { stdout } = await bodycam(home, ["show"]);
    expect(stdout.toString()).toMatch(/the system saw \S*\/cp \(process \d+\) start: cp /);
    expect(stdout.toString()).toMatch(/coverage +sensitive files|coverage +programs/);
  });
});

describe("an article about cookie theft", () => {
  it("is flagged as seen, and rings nothing", async () => {
    const home = scratch();
    const desk = session(
      home,
      `cat article; printf '\\n$ ls ~/.config/google-chrome\\n$ ${COPY}\\n$ chromium --headless --user-data-dir=$HOME/.config/google-chrome\\n'; echo finished`,
    );
    await desk.until("finished");
    await desk.ended;
    const flags: readonly Flag[] = await json(home, ["flags", "--json"]);
    expect(flags.length).toBeGreaterThan(0);
    expect(flags.filter((flag) => flag.confidence !== "seen")).toEqual([]);
    expect(desk.output.includes(BELL)).toBe(false);
  });
});
