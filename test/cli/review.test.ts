import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bodycam, scratch, scratchForAll, sessionsOf } from "./desk.js";

const THEFT = "echo '$ cp ~/.config/google-chrome/Default/Cookies /tmp/x'";

describe("reviews", () => {
  let home = "";
  let log = "";
  const json = async (...args: readonly string[]) =>
    JSON.parse((await bodycam(home, [...args, "--json"])).stdout.toString());

  beforeAll(async () => {
    home = scratchForAll();
    await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `${THEFT}; sleep 0.3`]);
    log = join(home, "sessions", sessionsOf(home)[0] as string, "reviews.jsonl");
  });

  it("say what a flag and a session were, and show it everywhere; the recording stays as it is", async () => {
    const verified = await json("verify");
    expect((await bodycam(home, ["review"])).stdout.toString()).toMatch(/^Nobody has said anything/);
    expect(await json("list")).toMatchObject([{ verdict: null, reviewed: 0 }]);

    const said = await bodycam(home, [
      "review",
      "--flag",
      "1",
      "benign",
      "-m",
      "a test\x1b[31m profile",
      "--by",
      "kim",
    ]);
    expect(said).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
    expect(said.stderr).toMatch(/^bodycam: session [0-9a-f]{8} is reviewed: benign \(/);
    const flags = await json("flags");
    expect(flags[0]).toMatchObject({
      review: { verdict: "benign", note: "a test\x1b[31m profile", by: "kim" },
    });
    const flag = await json(
      "review",
      flags[0].session.slice(0, 8),
      "true",
      "--flag",
      flags[0].id.slice(0, 10),
    );
    expect(flag).toMatchObject({ number: 2, flag: flags[0].id, verdict: "true" });
    expect(await json("list")).toMatchObject([{ verdict: "true", reviewed: 1 }]);
    await json("review", "unsure", "-m", "ask the owner");

    expect(await json("list")).toMatchObject([{ verdict: "unsure", reviewed: 1 }]);
    const shown = await json("show");
    expect(shown).toMatchObject({ review: { verdict: "unsure", note: "ask the owner" } });
    expect(shown.flags[0].review.verdict).toBe("true");
    expect((await bodycam(home, ["list"])).stdout.toString()).toMatch(
      /^ID .* FLAGS +VERDICT +AGENT .*\n.* unsure +sh /,
    );
    const text = (await bodycam(home, ["show"])).stdout.toString();
    expect(text).toMatch(/^review {5}unsure {2}\S+, \d{4}-.*: ask the owner$/m);
    expect(text).toMatch(/^ {9}true {2}\S+, \d{4}-/m);
    expect(text).not.toContain("\x1b");
    expect((await bodycam(home, ["flags"])).stdout.toString()).toMatch(/^ {7}true {2}\S+, \d{4}-/m);
    const whole = (await bodycam(home, ["review"])).stdout.toString();
    expect(whole).toMatch(/^benign {2}kim, [^\n]*: a test·\[31m profile\n {8}00:0\d The agent [^\n]*\ntrue /);
    expect(whole).not.toContain("\x1b");
    expect(await json("verify")).toEqual(verified);
  });

  it("show that somebody changed the log, and tell a crash from that", async () => {
    const before = readFileSync(log, "utf8");
    appendFileSync(log, '{"n":4,"pre');
    const torn = await bodycam(home, ["review"]);
    expect(torn.status).toBe(0);
    expect(torn.stderr).toContain("was never finished");
    writeFileSync(log, before.replace('"benign"', '"unsure"'));
    const changed = await bodycam(home, ["review", "--json"]);
    expect(changed.status).toBe(3);
    expect(JSON.parse(changed.stdout.toString()).problems).toMatchObject([{ what: "broken-chain", line: 2 }]);
    expect((await bodycam(home, ["show"])).stderr).toContain("something there was changed or removed");
    writeFileSync(log, before.slice(0, before.indexOf("\n") + 1));
    expect((await bodycam(home, ["review"])).stderr).toContain("lost its end: 3 entries were there once");
    writeFileSync(log, before);
    expect((await bodycam(home, ["review"])).stderr).toBe("");
  });

  it.each([
    [["review", "maybe"], /There is no session "maybe"/],
    [["review", "ab", "maybe"], /"maybe" is no verdict/],
    [["review", "--flag", "1"], /The verdict is missing/],
    [["review", "--flag", "99", "true"], /There is no flag "99"\. This session has/],
    [["review", "--flag", "", "true"], /There is no flag ""/],
    [["review", "true", "-m", "x".repeat(3000)], /The message is longer than/],
    [["search", "--regex", "(?=x)"], /can't be looked for/],
    [["search", ""], /There is nothing to look for/],
    [["search", "x", "--limit", "none"], /is no number of hits/],
  ] as const)("explain what is wrong with input %#", async (args, says) => {
    const ran = await bodycam(home, args);
    expect(ran.status).toBeGreaterThan(0);
    expect(ran.stdout.toString()).toBe("");
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toMatch(/^bodycam: [^\n]+\n$/);
  });
});

describe("an allowance", () => {
  it("quiets the detector for this act from the next look on, with a reason and until a day", async () => {
    const home = scratchForAll();
    const flagsOf = async () => JSON.parse((await bodycam(home, ["flags", "--json"])).stdout.toString());
    const other = THEFT.replace("/tmp/x", "/tmp/other");
    await bodycam(home, ["run", "--quiet", "--", "sh", "-c", `${THEFT}; sleep 0.3; ${other}; sleep 0.3`]);
    const before = await flagsOf();
    const refused = await bodycam(home, ["review", "--flag", "1", "true", "--allow", "-m", "x"]);
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Only a flag that is benign"),
    });
    const ran = await bodycam(home, [
      "review",
      "--flag",
      "1",
      "benign",
      "-m",
      "our own",
      "--allow",
      "--json",
    ]);
    const { allowance } = JSON.parse(ran.stdout.toString());
    expect(allowance.startsWith(join(home, "detectors", "allowances"))).toBe(true);
    expect(statSync(allowance).mode & 0o777).toBe(0o600);
    const text = readFileSync(allowance, "utf8");
    expect(text).toMatch(/^description: "our own"$/m);
    expect(text).toMatch(/^expires: \d{4}-\d\d-\d\d$/m);
    expect((await bodycam(home, ["rules", "check"])).status).toBe(0);

    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    const after = await flagsOf();
    const quiet = before[0].id;
    expect(after.map((flag: { id: string }) => flag.id)).not.toContain(quiet);
    expect(after.some((flag: { rule: { id: string } }) => flag.rule.id === before[0].rule.id)).toBe(true);
    expect((await bodycam(home, ["review"])).stdout.toString()).toContain("which is not there any more");
    rmSync(allowance);
    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    expect(await flagsOf()).toEqual(
      before.map((flag: object, n: number) => (n === 0 ? { ...flag, review: expect.anything() } : flag)),
    );
  });

  it.each(["yesterday", "2020-01-01", "99999d", "2027-02-31"])("can't end on %s", async (when) => {
    const ran = await bodycam(scratch(), [
      "review",
      "--flag",
      "1",
      "benign",
      "-m",
      "x",
      "--allow",
      "--expires",
      when,
    ]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining("can't end on") });
  });
});

describe("search", () => {
  let home = "";
  beforeAll(async () => {
    home = scratchForAll();
    await bodycam(home, [
      "run",
      "--quiet",
      "--observe",
      "off",
      "--",
      "sh",
      "-c",
      "printf '\\033[1mA needle\\033[0m, another\\n'",
    ]);
    await bodycam(home, [
      "run",
      "--quiet",
      "--observe",
      "off",
      "--",
      "sh",
      "-c",
      "echo hay; printf 'no NEEDLE\\342\\200\\256 left'",
    ]);
  });

  it("finds text in all sessions, the newest first, and says where it stood", async () => {
    const ran = await bodycam(home, ["search", "needle", "--json"]);
    const [newer, older, ...more] = JSON.parse(ran.stdout.toString());
    expect(more).toEqual([]);
    expect(newer).toMatchObject({ agent: "sh", where: "screen", start: 3, end: 9 });
    expect(older).toMatchObject({
      text: "A needle, another",
      seq: expect.any(Number),
      at_us: expect.any(Number),
    });
    expect(Date.parse(newer.time)).toBeGreaterThan(Date.parse(older.time));
  });

  it("prints a table for people", async () => {
    const { stdout, status } = await bodycam(home, ["search", "needle"]);
    expect(status).toBe(0);
    expect(stdout.toString()).toMatch(
      /^SESSION +DATE +AT +AGENT +WHERE +TEXT\n[0-9a-f]{8} +\d{4}-\d\d-\d\d +00:0\d +sh +screen +no NEEDLE left\n.*A needle, another\n$/,
    );
  });

  it("takes several words as one text, expressions with --regex, and says when nothing is there", async () => {
    const found = async (...args: string[]) =>
      (await bodycam(home, ["search", ...args, "--json"])).stdout.toString();
    expect(JSON.parse(await found("a", "needle,"))).toHaveLength(1);
    expect(JSON.parse(await found("-e", "n[e]+dle, \\w+"))).toHaveLength(1);
    expect(JSON.parse(await found('" OR text:*'))).toEqual([]);
    const limited = await bodycam(home, ["search", "needle", "--limit", "1"]);
    expect(limited.stderr).toContain("there are more");
    expect(await bodycam(home, ["search", "haystack"])).toMatchObject({ status: 1 });
  });

  it("finds the same when the catalogue was thrown away", async () => {
    const before = (await bodycam(home, ["search", "needle", "--json"])).stdout.toString();
    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    expect((await bodycam(home, ["search", "needle", "--json"])).stdout.toString()).toBe(before);
  });
});
