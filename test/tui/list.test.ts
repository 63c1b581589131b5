import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { homeOf, recordingPath } from "../../src/core/home.js";
import type { SessionId } from "../../src/core/units.js";
import { BODYCAM, bodycam, Desk, scratchForAll } from "../cli/desk.js";
import { META, startRecording } from "../recording/support.js";
import { Reviewer } from "./reviewer.js";

const THEFT = "echo '$ cp ~/.config/google-chrome/Default/Cookies /tmp/x'";
const HOSTILE =
  "\x1b]52;c;ZXZpbA==\x07\x1b]0;evil\x07\x1b[2J\x1b[5n\x9b6n\x1b[201~\u202eevil\u202c\u2066x\u2069 zero\u200bwidth \x07\x1bc";

/** What may come to a reviewer's terminal besides printable characters (the same as of the replay). */
const CONTROLS = "(?:[0-9;]*m|[0-9]+;1H|K|J|2J|[?](?:1049|25|7|2026|1002|1006)[hl])";
const ALLOWED = new RegExp(`${String.fromCharCode(27)}[[]${CONTROLS}`, "g");

const id = (n: number) => `0000000${n}-2222-4333-8444-555555555555` as SessionId;

/** Records a session that did what `data` says, as the one with number `n`. */
async function record(
  home: string,
  n: number,
  command: readonly string[],
  cwd: string,
  data: string,
): Promise<void> {
  const path = recordingPath(homeOf({ BODYCAM_HOME: home }, "linux"), id(n));
  mkdirSync(dirname(path), { recursive: true });
  const startedAt = Date.parse(`2026-11-0${n}T10:00:00`) * 1000;
  const writer = startRecording(path, { session: id(n), startedAt, meta: { ...META, command, cwd } });
  writer.append({ kind: "output", data: new TextEncoder().encode(data) });
  await writer.end({ by: "exit", code: 0 });
}

describe("the list of sessions in a terminal", () => {
  let home = "";
  beforeAll(() => {
    home = scratchForAll();
  });

  const sit = (
    args: readonly string[] = ["replay"],
    env: Record<string, string> = {},
    cols = 80,
    rows = 24,
  ) => new Reviewer([BODYCAM, ...args], { BODYCAM_HOME: home, ...env }, cols, rows);
  const said = async (...args: string[]) =>
    JSON.parse((await bodycam(home, [...args, "--json"])).stdout.toString());

  it("is there for sessions made here", async () => {
    await record(home, 1, ["codex", "tidy up"], "/home/ada/shop", "nothing to see\r\nneedle one\r\n");
    await record(
      home,
      2,
      ["claude"],
      "/home/ada/bank",
      "$ cp ~/.config/google-chrome/Default/Cookies /tmp/x\r\n",
    );
    await record(home, 3, ["gemini", HOSTILE], `/srv/${HOSTILE}`, `a needle ${HOSTILE}\r\nand more\r\n`);
    expect(await said("list")).toHaveLength(3);
  });

  it("shows the worst first, opens a session with Enter and comes back to it from there", async () => {
    const reviewer = sit();
    const text = await reviewer.until((shown) => shown.includes("3 sessions, worst first"));
    const rows = text.split("\n").filter((row) => row.includes("11-0"));
    expect(rows[0]).toMatch(/▸ ▲ high 1 +11-02 10:00 +\d:\d\d +claude +\/home\/ada\/bank/);
    expect(text).toContain("00000002  claude");
    reviewer.type("\x1b[B\x1b[B");
    await reviewer.until((shown) => /▸ -.*codex/.test(shown));
    reviewer.type("\r");
    await reviewer.until((shown) => shown.includes("nothing to see") && shown.includes("no flags"));
    reviewer.type("q");
    await reviewer.until((shown) => /▸ -.*codex/.test(shown) && shown.includes("3 sessions"));
    reviewer.type("\t");
    await reviewer.until((shown) => shown.includes("newest first"));
    reviewer.type("q");
    expect(await reviewer.exit).toMatchObject({ exitCode: 0 });
    expect(reviewer.screen.isAlternate).toBe(false);
    expect(reviewer.screen.cursor.visible).toBe(true);
    expect(reviewer.screen.text().trim()).toBe("");
  });

  it("filters while one types, and opens what is left", async () => {
    const reviewer = sit(["list", "--interactive"]);
    await reviewer.until((shown) => shown.includes("3 sessions"));
    reviewer.type("dir:sho");
    await reviewer.until((shown) => shown.includes("1 of 3 sessions") && shown.includes("filter: dir:sho"));
    reviewer.type("x");
    await reviewer.until((shown) => shown.includes('No session fits "dir:shox"'));
    reviewer.type("\x7f\r");
    await reviewer.until((shown) => shown.includes("nothing to see"));
    reviewer.type("q");
    await reviewer.until((shown) => shown.includes("1 of 3 sessions"));
    reviewer.type("\x1b");
    await reviewer.until((shown) => shown.includes("3 sessions, "));
    reviewer.type("\x1b");
    await reviewer.exit;
  });

  it("lets nothing of a recording act on the terminal, and uses no colour under NO_COLOR", async () => {
    const reviewer = sit(["replay"], { NO_COLOR: "1" });
    await reviewer.until((shown) => shown.includes("3 sessions"));
    reviewer.type("gemini");
    await reviewer.until((shown) => shown.includes("1 of 3"));
    reviewer.type(HOSTILE.replace(/[\x1b\x07]/g, ""));
    await reviewer.until((shown) => shown.includes("0 of 3"));
    reviewer.type("\x15?");
    await reviewer.until((shown) => shown.includes("any key goes back"));
    reviewer.type("x");
    await reviewer.until((shown) => shown.includes("3 sessions"));
    reviewer.resize(40, 8);
    await reviewer.until((shown) => shown.includes("q quit") && !shown.includes("DIRECTORY"));
    reviewer.type("\x03");
    await reviewer.exit;
    const sent = Buffer.from(reviewer.bytes, "latin1").toString("utf8");
    const rest = sent.replace(ALLOWED, "");
    expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
    expect(rest).toContain("evil");
    const codes = sent.split("\x1b[").flatMap((part) => /^([0-9;]*)m/.exec(part)?.[1]?.split(";") ?? []);
    expect(codes.filter((code) => Number(code) >= 30)).toEqual([]);
  });

  it("marks what still runs, opens it meanwhile, and shows what became of it", async () => {
    const live = scratchForAll();
    const desk = Desk.bodycam(live, [
      "run",
      "--quiet",
      "--",
      "sh",
      "-c",
      `echo ready; head -n 1 >/dev/null; ${THEFT}`,
    ]);
    await desk.until("ready");
    const reviewer = new Reviewer([BODYCAM, "replay"], { BODYCAM_HOME: live });
    await reviewer.until((shown) => shown.includes("● 1 live") && /▸ - .*● live +sh/.test(shown));
    reviewer.type("\r");
    await reviewer.until((shown) => shown.includes("ready") && shown.includes("no flags"));
    reviewer.type("q");
    await reviewer.until((shown) => shown.includes("● 1 live"));
    desk.type("\r");
    await desk.ended;
    await reviewer.until((shown) => /▸ ▲ high \d/.test(shown) && !shown.includes("live"));
    reviewer.type("\r");
    await reviewer.until((shown) => shown.includes("Cookies"));
    reviewer.type("q");
    await reviewer.until((shown) => shown.includes("1 session, worst first"));
    reviewer.type("q");
    expect(await reviewer.exit).toMatchObject({ exitCode: 0 });
  });

  it("takes a verdict in the replay and shows it in the list", async () => {
    const reviewer = sit();
    await reviewer.until((shown) => shown.includes("3 sessions"));
    reviewer.type("\r");
    await reviewer.until((shown) => shown.includes("flag 1/1"));
    reviewer.type("v");
    await reviewer.until((shown) => shown.includes("Verdict on the flag at") && shown.includes("[true]"));
    reviewer.type("\x1b[Cour own profile!\x7f");
    await reviewer.until((shown) => shown.includes("[benign]") && shown.includes("why: our own profile"));
    reviewer.type("\r");
    await reviewer.until((shown) => !shown.includes("Verdict on"));
    reviewer.type("v\t");
    await reviewer.until(
      (shown) => shown.includes("Verdict on the whole session") && shown.includes("[benign]"),
    );
    reviewer.type("\x1b");
    await reviewer.until((shown) => !shown.includes("Verdict on"));
    reviewer.type("q");
    await reviewer.until((shown) => /- \(1 benign\).*claude +benign/.test(shown));
    reviewer.type("q");
    await reviewer.exit;
    expect((await said("review", "00000002")).reviews).toMatchObject([
      { verdict: "benign", note: "our own profile", flag: expect.any(String) },
    ]);
    expect(readFileSync(join(home, "sessions", id(2), "reviews.jsonl"), "utf8").split("\n")).toHaveLength(2);
  });

  it("shows the sessions in which a search has hits, and opens them there", async () => {
    const reviewer = sit(["search", "needle", "--open"]);
    await reviewer.until((shown) => shown.includes("2 sessions"));
    reviewer.type("codex\r");
    await reviewer.until((shown) => shown.includes("needle one") && !shown.includes("sessions"));
    reviewer.type("qq");
    await reviewer.until((shown) => shown.includes("1 of 2 sessions"));
    reviewer.type("\x03");
    await reviewer.exit;
    const only = sit(["search", "--regex", "needle .ne", "--open"]);
    await only.until((shown) => shown.includes("needle one") && !shown.includes("sessions"));
    // The first closes the search.
    only.type("qq");
    expect(await only.exit).toMatchObject({ exitCode: 0 });
  });

  it.each(["SIGTERM", "SIGHUP"])(
    "gives the terminal back on %s, in the list and in a session",
    async (signal) => {
      for (const keys of ["", "\r"]) {
        const reviewer = sit();
        await reviewer.until((shown) => shown.includes("3 sessions"));
        reviewer.type(keys);
        if (keys !== "")
          await reviewer.until((shown) => shown.includes("? help") && !shown.includes("sessions"));
        reviewer.kill(signal);
        await reviewer.exit;
        expect(reviewer.screen.isAlternate).toBe(false);
        expect(reviewer.screen.cursor.visible).toBe(true);
      }
    },
  );

  it("stays when a session can't be opened, and says why", async () => {
    const reviewer = sit();
    await reviewer.until((shown) => shown.includes("3 sessions"));
    const broken = scratchForAll();
    await record(broken, 4, ["sh"], "/", "x");
    const other = new Reviewer([BODYCAM, "replay"], { BODYCAM_HOME: broken });
    await other.until((shown) => shown.includes("1 session"));
    const { writeFileSync } = await import("node:fs");
    writeFileSync(recordingPath(homeOf({ BODYCAM_HOME: broken }, "linux"), id(4)), "this is no recording");
    other.type("\r");
    await other.until((shown) => shown.includes("not a bodycam") || shown.includes("is no"));
    other.type("q");
    expect(await other.exit).toMatchObject({ exitCode: 0 });
    reviewer.type("q");
    await reviewer.exit;
  });

  it("is no list where there is no terminal: then the latest is told", async () => {
    const { stdout } = await bodycam(home, ["replay"]);
    expect(stdout.toString()).toMatch(/^00000003 · gemini /);
    expect(await bodycam(home, ["list", "--interactive"])).toMatchObject({ status: 2 });
    expect(await bodycam(home, ["search", "needle", "--open"])).toMatchObject({ status: 2 });
  });
});
