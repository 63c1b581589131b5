import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bodycam, scratch, scratchForAll, sessionsOf } from "./desk.js";

const CAST = [
  '{"version":2,"width":60,"height":10,"timestamp":1504467315,"command":"sh","title":"T"}',
  '[0.5,"o","$ rm -rf / --no-preserve-root\\r\\n"]',
  '[0.75,"i","x"]',
  '[1.5,"o","\\u001b[31mgone\\u001b[0m\\r\\n"]',
  '[1.5,"z","?"]',
  '[2,"o","cut',
].join("\n");

const json = async (home: string, args: readonly string[]) =>
  JSON.parse((await bodycam(home, args)).stdout.toString());

describe("an imported session", () => {
  const home = scratchForAll();
  const cast = join(home, "evil.cast");
  beforeAll(async () => {
    writeFileSync(cast, CAST);
    const { status, stdout } = await bodycam(home, ["import", cast]);
    expect(status).toBe(0);
    expect(stdout.toString()).toMatch(/\(asciicast v2\) is session [0-9a-f]{8}: 1\.5 s, .* 1 flagged\n/);
    expect(stdout.toString()).toContain(
      "  - The file is cut short in the middle of an event, whose 11 bytes are left out.\n",
    );
  });

  it("is a session like any other, intact, and says where it comes from", async () => {
    const shown = await json(home, ["show", "--json"]);
    expect(shown).toMatchObject({
      command: ["sh"],
      host: "",
      state: "complete",
      exit: { by: "unknown" },
      flags: [{}],
    });
    expect(shown.imported).toMatchObject({
      format: "asciicast-v2",
      files: [{ name: "evil.cast", bytes: CAST.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      header: CAST.split("\n")[0],
    });
    expect(shown.started).toBe("2017-09-03T19:35:15.000000Z");
    expect((await bodycam(home, ["show"])).stdout.toString()).toContain(
      "imported from evil.cast (asciicast v2), not recorded here",
    );
    const verified = await bodycam(home, ["verify"]);
    expect(verified.status).toBe(0);
    expect(verified.stdout.toString()).toMatch(
      /^intact[\s\S]*imported from evil\.cast \(asciicast v2\), not recorded here/,
    );
    expect(await json(home, ["verify", "--json"])).toMatchObject({
      outcome: "intact",
      imported: { format: "asciicast-v2" },
    });
    expect((await bodycam(home, ["cat"])).stdout.toString()).toBe(
      "$ rm -rf / --no-preserve-root\r\n\x1b[31mgone\x1b[0m\r\n",
    );
  });

  it("keeps the same when everything is made anew", async () => {
    const before = await json(home, ["show", "--json"]);
    expect((await bodycam(home, ["rebuild"])).status).toBe(0);
    expect(await json(home, ["show", "--json"])).toEqual(before);
  });

  it("goes out as it came in, with the flag as a marker", async () => {
    const { stdout } = await bodycam(home, ["export", "--format", "asciicast-v2", "-o", "-"]);
    const lines = stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [header, first, marker, ...rest] = CAST.split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ ...header, env: {} });
    expect(lines.slice(1)).toEqual([
      first,
      [0.5, "m", expect.stringMatching(/^critical: /)],
      marker,
      ...rest,
    ]);
  });

  it.each(["asciicast", "asciicast-v2", "ttyrec", "text", "html", "svg"])(
    "goes out as %s",
    async (format) => {
      const dir = scratch();
      const path = join(dir, `out.${format}`);
      expect((await bodycam(home, ["export", "--format", format, "-o", path])).status).toBe(0);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, "latin1")).toContain("gone");
      expect(readdirSync(dir)).toEqual([`out.${format}`]);
    },
  );

  it("never goes over what is there, but when asked to", async () => {
    const path = join(scratch(), "out");
    writeFileSync(path, "mine");
    const refused = await bodycam(home, ["export", "--format", "text", "-o", path]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("is there already");
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect((await bodycam(home, ["export", "--format", "text", "-o", path, "--force"])).status).toBe(0);
    expect(readFileSync(path, "utf8")).toContain("gone");
  });

  it("is shown at a moment, and at its flags", async () => {
    const still = async (...more: readonly string[]) =>
      (await bodycam(home, ["export", "--format", "svg", "-o", "-", ...more])).stdout.toString();
    expect(await still("--at", "0:01")).not.toContain("gone");
    expect(await still("--at", "0:02")).toContain("gone");
    const flagged = await still("--flag", "1");
    expect(flagged).toContain("no-preserve-root");
    expect(flagged).toContain('stroke="#ffb000"');
    expect(flagged).not.toContain("gone");
    const dir = scratch();
    await bodycam(home, ["export", "--format", "html", "--flag", "all", "-o", join(dir, "shot.html")]);
    expect(readdirSync(dir)).toEqual(["shot-1.html"]);
  });

  it.each([
    [["--format", "png", "-o", "x"], "There is no format"],
    [["--format", "text"], "One session goes to one file"],
    [["--format", "text", "--at", "1", "-o", "x"], "for stills"],
    [["--format", "svg", "--at", "1", "--flag", "1", "-o", "x"], "which moment"],
    [["--format", "svg", "--at", "soon", "-o", "x"], "no moment"],
    [["--format", "svg", "--flag", "7", "-o", "x"], "no flag"],
  ])("refuses %j with a sentence", async (args, says) => {
    const { status, stderr } = await bodycam(home, ["export", ...args], { cwd: scratch() });
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe("files of other recorders", () => {
  it("are scanned and replayed as they are, and nothing is kept", async () => {
    const home = scratch();
    const cast = join(home, "evil.cast");
    writeFileSync(cast, CAST);
    const here = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => /^bodycam-[A-Za-z0-9]{6}$/.test(name));
    const before = here();
    const scanned = await bodycam(home, ["scan", cast, "--json", "--fail-on", "critical"]);
    expect(scanned.status).toBe(10);
    expect(JSON.parse(scanned.stdout.toString())).toMatchObject([
      { path: cast, flags: [{ at_us: 500_000 }] },
    ]);
    expect((await bodycam(home, ["scan", home])).stdout.toString()).toContain("evil.cast");
    const replayed = (await bodycam(home, ["replay", cast])).stdout.toString();
    expect(replayed).toContain("evil.cast");
    expect(replayed).toContain("rm -rf / --no-preserve-root");
    expect(here()).toEqual(before);
    expect(existsSync(join(home, "sessions")) ? sessionsOf(home) : []).toEqual([]);
  });

  it.each([
    [["import", "/etc/passwd"], 1, "no format that bodycam reads"],
    [["import", "/nowhere/at/all.cast"], 1, "There is no file"],
    [["import", "/etc"], 1, "is not a file"],
    [["import", "a", "b", "--timing", "c"], 2, "belongs to one typescript"],
    [["import", "a", "--input", "c"], 2, "without the timing"],
    [["scan", "/etc/hostname"], 1, "not a bodycam recording"],
  ])("are refused with a sentence: %j", async (args, status, says) => {
    const home = scratch();
    const ran = await bodycam(home, args);
    expect(ran.stderr).toContain(says);
    expect(ran.status).toBe(status);
    expect(existsSync(join(home, "sessions")) ? sessionsOf(home) : []).toEqual([]);
  });
});
