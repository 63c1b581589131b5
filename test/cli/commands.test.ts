import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bodycam, Desk, onlyRecording, scratch, scratchForAll } from "./desk.js";

const THEFT = "echo '$ cp ~/.config/google-chrome/Default/Cookies /tmp/x'";
const OSC_9 = "\x1b]9;bodycam: ";
const OSC_777 = "\x1b]777;notify;bodycam;";

const json = async (home: string, args: readonly string[]) =>
  JSON.parse((await bodycam(home, args)).stdout.toString());

describe("flags", () => {
  it("ring the bell and send a notification while the session runs, between the agent's sequences", async () => {
    const home = scratch();
    // The agent stays in the middle of a sequence until it gets a key: the alert may come only after that.
    const script = `stty -echo -icanon; printf ready; read line; printf '\\033]0;a title that is not'; head -c 1 >/dev/null; printf ' finished\\007'; head -c 1 >/dev/null`;
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", "sh", "-c", script]);
    await desk.until("ready");
    desk.type("cp ~/.config/google-chrome/Default/Cookies /tmp/x\r");
    await desk.until("a title that is not");
    await foundIn(home);
    expect(desk.output.includes(OSC_9)).toBe(false);
    desk.type("x");
    await desk.until(OSC_9);
    await desk.until(OSC_777);
    desk.type("x");
    await desk.ended;
    const output = desk.output.toString();
    expect(output).toContain("a title that is not finished\x07");
    expect(output.indexOf("\x07", output.indexOf("finished\x07") + 9)).toBeLessThan(output.indexOf(OSC_9));
    // What the camera says itself is not part of what the agent wrote.
    expect((await bodycam(home, ["cat"])).stdout.includes("bodycam")).toBe(false);
  });

  it("come live in another terminal with --follow", async () => {
    const home = scratch();
    await bodycam(home, ["run", "--quiet", "--", "true"]);
    const follower = Desk.bodycam(home, ["flags", "--follow"]);
    await follower.until("waiting for flags");
    const desk = Desk.bodycam(home, ["run", "--quiet", "--", "sh", "-c", `${THEFT}; head -n 1 >/dev/null`]);
    await follower.until("high");
    desk.type("\r");
    await desk.ended;
    follower.signal("SIGINT");
    await follower.ended;
  });

  it("are named in one sentence each when the session is over", async () => {
    const home = scratch();
    // Long enough for the watcher to have seen it on a busy machine: else its work is left to the background.
    const ran = await bodycam(home, ["run", "--", "sh", "-c", `${THEFT}; sleep 2`]);
    expect(ran.stderr).toMatch(/\n {2}00:0\d {2}high {2}The agent [^\n]+\.\n/);
    expect(ran.stderr).toContain("bodycam replay ");
  });

  it("are found in what is typed, too", async () => {
    const home = scratch();
    const desk = Desk.bodycam(home, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      "stty -echo -icanon; echo ready; head -n 1 >/dev/null",
    ]);
    await desk.until("ready");
    desk.type("cp ~/.mozilla/firefox/x.default/cookies.sqlite /tmp/\n");
    await desk.ended;
    const flags = await json(home, ["flags", "--json"]);
    expect(flags.some((flag: { confidence: string }) => flag.confidence === "requested")).toBe(true);
  });

  it("are the same when the recording is read again", async () => {
    const home = scratch();
    await bodycam(home, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      `${THEFT}; sleep 0.3; ${THEFT.replace("Default", "'Profile 1'")}; printf 'unfinished ~/.ssh'`,
    ]);
    const live = await json(home, ["flags", "--json"]);
    expect(live.length).toBeGreaterThan(0);
    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    expect(await json(home, ["flags", "--json"])).toEqual(live);
  });
});

describe("list, show, cat and verify", () => {
  let home = "";
  beforeAll(async () => {
    home = scratchForAll();
    await bodycam(home, ["run", "--quiet", "--", "sh", "-c", "echo first"]);
    await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `${THEFT}; exit 3`]);
    await bodycam(home, ["run", "--quiet", "--", "printf", "third"]);
  });

  it("lists the newest first, or the worst", async () => {
    const newest = await json(home, ["list", "--json"]);
    expect(newest.map((session: { command: string[] }) => session.command.at(-1))).toEqual([
      "third",
      `${THEFT}; exit 3`,
      "echo first",
    ]);
    const worst = await json(home, ["list", "--worst", "--json"]);
    expect(worst[0]).toMatchObject({ worst: "high", exit: { by: "exit", code: 3 }, state: "complete" });
  });

  it("prints a table for people", async () => {
    const { stdout } = await bodycam(home, ["list"]);
    expect(stdout.toString()).toMatch(/^ID +STARTED +LENGTH +OUTPUT +FLAGS +AGENT +COMMAND\n[0-9a-f]{8} /);
    expect(stdout.includes("\x1b")).toBe(false);
  });

  it("shows the latest session, or the one whose id begins so", async () => {
    const [latest, flagged] = await json(home, ["list", "--json"]);
    expect((await json(home, ["show", "--json"])).id).toBe(latest.id);
    expect((await json(home, ["show", flagged.id.slice(0, 8), "--json"])).flags[0]).toMatchObject({
      session: flagged.id,
      confidence: "seen",
      evidence: [{ source: "screen" }],
    });
  });

  it("writes recorded bytes to a pipe, but never to a terminal", async () => {
    expect((await bodycam(home, ["cat"])).stdout.toString()).toBe("third");
    const desk = Desk.bodycam(home, ["cat"]);
    expect(await desk.ended).toEqual({ by: "exit", code: 2 });
    expect(desk.output.toString()).toMatch(
      /^bodycam: Recorded bytes are not written to a terminal[^\n]*\r\n$/,
    );
  });

  it("makes the catalogue anew from the recordings", async () => {
    const before = await json(home, ["list", "--json"]);
    writeFileSync(join(home, "catalogue.db"), "this is no database");
    const broken = await bodycam(home, ["list"]);
    expect(broken).toMatchObject({ status: 1 });
    expect(broken.stderr).toBe(
      `bodycam: The catalogue ${join(home, "catalogue.db")} is damaged. Make it anew from the recordings: bodycam rebuild\n`,
    );
    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    expect(await json(home, ["list", "--json"])).toEqual(before);
  });
});

describe("bad input gets one sentence and its exit status", () => {
  it.each([
    [["run"], 2],
    [["run", "--"], 2],
    [["frobnicate"], 2],
    [["list", "--no-such-option"], 2],
    [["show", "0000"], 1],
    [["show", "../../etc/passwd"], 1],
    [["show"], 1],
    [["flags", "nope"], 1],
    [["verify", "/no/such/file"], 1],
    [["cat", "/etc/hostname"], 1],
    [["completion", "tcsh"], 2],
  ] as const)("%j", async (args, status) => {
    const ran = await bodycam(scratch(), args);
    expect(ran.status).toBe(status);
    expect(ran.stdout.toString()).toBe("");
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n(\(bodycam --help shows how it is used\)\n)?$/);
  });
});

describe("completions and help", () => {
  it.each(["bash", "zsh", "fish"])("are made for %s", async (shell) => {
    const { stdout } = await bodycam(scratch(), ["completion", shell]);
    for (const word of ["run", "replay", "verify", "quiet"]) expect(stdout.toString()).toContain(word);
  });

  it("has examples for every command", async () => {
    for (const command of [
      "run",
      "list",
      "show",
      "flags",
      "replay",
      "search",
      "review",
      "cat",
      "verify",
      "rebuild",
      "doctor",
      "completion",
    ]) {
      const { stdout, status } = await bodycam(scratch(), [command, "--help"]);
      expect(status).toBe(0);
      expect(stdout.toString()).toMatch(/Examples?:\n {2}(bodycam|git diff)/);
    }
  });
});

/** Waits until a flag has been found in a home's only session. */
async function foundIn(home: string): Promise<void> {
  onlyRecording(home);
  while ((await json(home, ["flags", "--json"])).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
