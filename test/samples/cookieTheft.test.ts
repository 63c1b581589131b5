import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { loadDetectors } from "../../src/detection/detectors.js";
import { Engine } from "../../src/detection/engine.js";

const sample = (file: string): string =>
  fileURLToPath(new URL(`../../samples/cookie-theft/${file}`, import.meta.url));
const detectors = await loadDetectors([fileURLToPath(new URL("../../detectors", import.meta.url))]);
const session = "00000000-0000-4000-8000-000000000000" as SessionId;

const home = execFileSync(process.execPath, [sample("prepare.mjs")], { encoding: "utf8" }).trim();
afterAll(() => {
  const remove = `import(${JSON.stringify(sample("home.mjs"))}).then((m) => m.removeHome(${JSON.stringify(home)}))`;
  execFileSync(process.execPath, ["-e", remove]);
  expect(existsSync(home)).toBe(false);
});

const agent = (env: NodeJS.ProcessEnv): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, [sample("agent.mjs"), "--fast"], {
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });

describe("the cookie theft", () => {
  test("the databases are what the browsers make", () => {
    const chromium = new Database(join(home, ".config/google-chrome/Profile 1/Cookies"), { readonly: true });
    expect(chromium.prepare("SELECT value FROM meta WHERE key = 'version'").pluck().get()).toBe("24");
    const values = chromium.prepare("SELECT encrypted_value FROM cookies").pluck().all() as Buffer[];
    expect(values.every((value) => value.subarray(0, 3).toString() === "v10")).toBe(true);
    chromium.close();
    const firefox = new Database(join(home, ".mozilla/firefox/k3x9.default-release/cookies.sqlite"), {
      readonly: true,
    });
    expect(firefox.pragma("user_version", { simple: true })).toBe(17);
    expect(firefox.prepare("SELECT count(*) FROM moz_cookies").pluck().get()).toBe(2);
    firefox.close();
  });

  test("the agent logs in, and each step and the chain are flagged", () => {
    const { status, stdout } = agent({ HOME: home });
    expect(status).toBe(0);
    expect(stdout).toContain("signed in as anna@acme.test");
    const engine = new Engine(detectors, session);
    engine.onOpen({ cwd: home, platform: "linux" });
    const flags = String(stdout)
      .split("\n")
      .flatMap((text, i) => engine.onScreenText({ text, at: micros(i * 1_000_000), seq: seq(i) }));
    const titles = flags.map((flag) => `${flag.rule.level}: ${flag.rule.title}`);
    expect(titles).toContain("medium: Browser profiles listed");
    expect(titles).toContain("high: Browser cookie store read");
    expect(titles).toContain("high: Cookies or passwords queried from a browser's database");
    expect(titles).toContain("critical: Login with cookies taken from the user's browser");
    const chain = flags.find((flag) => flag.rule.level === "critical");
    expect(chain?.evidence.some((one) => one.summary.includes("--headless"))).toBe(true);
  });

  test.each([
    ["a home of another kind", { HOME: "/tmp" }],
    ["no home at all", {}],
    ["a directory with the right name but no marker", { HOME: "/tmp/bodycam-demo-none" }],
  ])("refuses %s", (_, env) => {
    const { status, stdout, stderr } = agent(env);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("prepare.mjs");
  });
});
