#!/usr/bin/env node
// What judging costs, and how it grows with the number of rules: commands a second and MB/s of terminal output with 50,
// 500 and 3,000 rules (rounds interleaved), and the time to scan a whole recording.
//
//   node bench/detection.mjs [--rounds N] [--commands N] [--megabytes N] [--recording-megabytes N]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeRulePack } from "../dist/detection/rulePack.js";
import { Analysis } from "../dist/session/analysis.js";
import { commandScan } from "../dist/session/scan.js";
import { parseRules } from "../dist/sigma/parse.js";
import { writeBuildLog } from "./buildLog.mjs";
import { commandOf, ruleTexts } from "./ruleSets.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    commands: { type: "string", default: "5000" },
    megabytes: { type: "string", default: "10" },
    "recording-megabytes": { type: "string", default: "100" },
  },
});
const rounds = Number(values.rounds);
const SIZES = [50, 500, 3000];
const SESSION = "11111111-1111-4111-8111-111111111111";

const work = mkdtempSync(join(tmpdir(), "bodycam-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Half about commands, half about the screen. */
const packs = new Map(
  SIZES.map((size) => {
    const texts = ruleTexts(size / 2).flat();
    const pack = makeRulePack(texts.map((text, number) => parseRules(text, `${number}.yml`)));
    if (pack.problems.length > 0) throw new Error(pack.problems[0].reason);
    return [size, pack];
  }),
);

/** Commands a second: each read as a shell would, and judged. */
function commands(pack) {
  const scan = commandScan(pack, "linux");
  const count = Number(values.commands);
  const from = performance.now();
  for (let number = 0; number < count; number++) scan(commandOf(number));
  return count / ((performance.now() - from) / 1e3);
}

/** MB/s of output: drawn on the emulated screen, read as lines, judged. */
function output(pack, log) {
  const analysis = new Analysis(pack, SESSION);
  analysis.event({
    kind: "open",
    at: 0,
    seq: 0,
    meta: {
      cwd: "/home/user/project",
      platform: "linux",
      terminal: { stdin: true, stdout: true },
      size: { cols: 120, rows: 40, xpixel: 0, ypixel: 0 },
    },
  });
  const from = performance.now();
  for (let offset = 0, seq = 1; offset < log.length; offset += 4096, seq++)
    analysis.event({ kind: "output", at: seq * 1000, seq, data: log.subarray(offset, offset + 4096) });
  analysis.settle();
  return log.length / 1e3 / (performance.now() - from);
}

function compare(title, unit, measure) {
  const results = new Map(SIZES.map((size) => [size, []]));
  for (let round = -1; round < rounds; round++)
    for (const size of SIZES) {
      const speed = measure(packs.get(size));
      // The first round warms the compiler and is not counted.
      if (round >= 0) results.get(size).push(speed);
    }
  console.log(`${title} (median of ${rounds} rounds; the cost is by round)`);
  for (const size of SIZES) {
    const cost = median(results.get(size).map((speed, round) => results.get(SIZES[0])[round] / speed));
    console.log(
      `  ${String(size).padStart(5)} rules  ${median(results.get(size)).toFixed(unit === "MB/s" ? 1 : 0)} ${unit}   cost ${cost.toFixed(2)} × ${SIZES[0]} rules`,
    );
  }
}

const file = join(work, "build.log");
writeBuildLog(file, Number(values.megabytes) * 1e6);
const log = readFileSync(file);
compare("commands", "a second", commands);
compare("terminal output", "MB/s", (pack) => output(pack, log));

const megabytes = Number(values["recording-megabytes"]);
if (megabytes > 0) {
  const env = { ...process.env, BODYCAM_HOME: join(work, "home") };
  const bodycam = fileURLToPath(new URL("../bin/bodycam.js", import.meta.url));
  const run = (...args) =>
    spawnSync(process.execPath, [bodycam, ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  writeBuildLog(file, megabytes * 1e6);
  run("run", "--quiet", "--", "cat", file);
  while (spawnSync("pgrep", ["-f", "bodycam.js finish"]).status === 0) spawnSync("sleep", ["0.1"]);
  const list = JSON.parse(
    spawnSync(process.execPath, [bodycam, "list", "--json"], { env, encoding: "utf8" }).stdout,
  );
  const path = join(env.BODYCAM_HOME, "sessions", list[0].id, "recording.bodycam");
  const times = Array.from({ length: 3 }, () => {
    const from = performance.now();
    if (run("scan", path).status !== 0) throw new Error("the scan failed");
    return (performance.now() - from) / 1e3;
  });
  console.log(`scan of a recording of ${megabytes} MB, all detectors: ${median(times).toFixed(2)} s`);
}
