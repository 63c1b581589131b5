#!/usr/bin/env node
// How long it takes from the byte to the flag while output flows: a program writes 5 MB/s of build log and, now and then,
// a dangerous command; the flag counts as given when it stands in the catalogue, where `flags --follow` finds it.
//
//   node bench/live.mjs [--flags N] [--megabytes-a-second N]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Catalogue } from "../dist/catalogue/catalogue.js";
import { homeOf } from "../dist/core/home.js";
import { AgentTerminal } from "../dist/pty/agentTerminal.js";
import { writeBuildLog } from "./buildLog.mjs";

const { values } = parseArgs({
  options: {
    flags: { type: "string", default: "200" },
    "megabytes-a-second": { type: "string", default: "5" },
  },
});
const work = mkdtempSync(join(tmpdir(), "bodycam-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));
const log = join(work, "build.log");
writeBuildLog(log, 20e6);

/** Writes a slice of the log every 20 ms, and a command every 100 ms, and keeps when it wrote which. */
const writer = `
const { appendFileSync, readFileSync, writeSync } = require("fs");
const log = readFileSync(${JSON.stringify(log)});
const slice = ${Number(values["megabytes-a-second"])} * 1e6 / 50;
let tick = 0, sent = 0;
const timer = setInterval(() => {
  for (let done = 0, piece = log.subarray((tick * slice) % (log.length - slice)).subarray(0, slice); done < piece.length; ) {
    try { done += writeSync(1, piece, done); } catch (error) { if (error.code !== "EAGAIN") throw error; }
  }
  if (++tick < 100 || tick % 5) return;
  writeSync(1, "\\r\\n$ rm -rf /home/user/number" + sent + "/\\r\\n");
  appendFileSync(${JSON.stringify(join(work, "sent"))}, Date.now() + "\\n");
  if (++sent === ${Number(values.flags)}) { clearInterval(timer); setTimeout(() => {}, 1000); }
}, 20);
`;

const env = { ...process.env, BODYCAM_HOME: join(work, "home"), TERM: "xterm-256color" };
const bodycam = fileURLToPath(new URL("../bin/bodycam.js", import.meta.url));
const argv = [process.execPath, bodycam, "run", "--quiet", "--", process.execPath, "-e", writer];

let bytes = 0;
const ended = new Promise((resolve) => {
  new AgentTerminal(
    {
      file: process.execPath,
      argv,
      cwd: work,
      env,
      size: { cols: 120, rows: 40, xpixel: 0, ypixel: 0 },
      modes: undefined,
      echo: true,
      translate: true,
      stdinPipe: undefined,
    },
    {
      output(piece) {
        bytes += piece.length;
        return true;
      },
      stopped() {},
      ended: resolve,
    },
  );
});

const found = new Map();
let catalogue;
let last = 0;
const from = performance.now();
const timer = setInterval(() => {
  try {
    catalogue ??= new Catalogue(homeOf(env, process.platform).catalogue);
    for (const { number, flag } of catalogue.flagsAfter(last, undefined)) {
      last = number;
      const which = /number(\d+)/.exec(flag.evidence[0]?.summary ?? "")?.[1];
      if (which !== undefined && !found.has(which)) found.set(which, Date.now());
    }
  } catch {
    // The camera has not made its catalogue yet.
  }
}, 2);
await ended;
const seconds = (performance.now() - from) / 1e3;
clearInterval(timer);
catalogue?.close();

const sent = readFileSync(join(work, "sent"), "utf8").trim().split("\n").map(Number);
const times = sent.flatMap((time, which) =>
  found.has(String(which)) ? [found.get(String(which)) - time] : [],
);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
console.log(
  `from the byte to the flag, ms (${(bytes / 1e6 / seconds).toFixed(1)} MB/s; ${times.length} of ${sent.length} flags): p50 ${at(0.5)}  p99 ${at(0.99)}  largest ${at(1)}`,
);
while (spawnSync("pgrep", ["-f", "bodycam.js finish"]).status === 0) spawnSync("sleep", ["0.1"]);
