#!/usr/bin/env node
// `npm run demo`: a real incident, re-enacted in a throw-away home, recorded live, flagged, and replayed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeHome } from "../samples/cookie-theft/home.mjs";
import { prepare } from "../samples/cookie-theft/prepare.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const agent = join(root, "samples", "cookie-theft", "agent.mjs");
const home = prepare();
const recordings = mkdtempSync(join(tmpdir(), "bodycam-demo-"));
const atTerminal = process.stdin.isTTY && process.stdout.isTTY;
const { BODYCAM_SESSION: _, ...inherited } = process.env;
const env = { ...inherited, BODYCAM_HOME: recordings, HOME: home };

const bodycam = (...args) =>
  spawnSync(process.execPath, [join(root, "bin", "bodycam.js"), ...args], { env, stdio: "inherit" }).status ??
  1;

const say = (text) => console.error(text);

function demo() {
  say("An agent is asked to export invoices from a dashboard that it has no access to. The camera is on.\n");
  const sessionFile = join(recordings, "session");
  const command = [process.execPath, agent, ...(atTerminal ? [] : ["--fast"])];
  const status = bodycam("run", "--session-file", sessionFile, "--", ...command);
  if (status !== 0) return status;
  if (!atTerminal) {
    say("\nThe session again, as `bodycam replay` tells it where there is no terminal:\n");
    return bodycam("replay");
  }
  say(
    "\nNow as a reviewer sees it: the replay opens at the first flag (n: next flag, space: play, q: quit) …",
  );
  spawnSync("sleep", ["3"]);
  return bodycam("replay", readFileSync(sessionFile, "utf8").trim());
}

try {
  process.exitCode = demo();
} finally {
  removeHome(home);
  rmSync(recordings, { recursive: true, force: true });
}
