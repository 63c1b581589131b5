#!/usr/bin/env node
// What the camera costs at the terminal, against `script -f` and asciinema, measured in the same run with the rounds
// interleaved: throughput, the time from a key to its echo, the time to the first byte, memory over a long session.
//
//   node bench/terminal.mjs [--rounds N] [--megabytes N] [--keys N] [--memory-megabytes N]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AgentTerminal } from "../dist/pty/agentTerminal.js";
import { writeBuildLog } from "./buildLog.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    megabytes: { type: "string", default: "100" },
    keys: { type: "string", default: "500" },
    "memory-megabytes": { type: "string", default: "1000" },
  },
});
const rounds = Number(values.rounds);
const keys = Number(values.keys);
const memoryMegabytes = Number(values["memory-megabytes"]);

const work = mkdtempSync(join(tmpdir(), "bodycam-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));
const bodycam = new URL("../bin/bodycam.js", import.meta.url).pathname;
const { BODYCAM_SESSION: _, ...env } = {
  ...process.env,
  BODYCAM_HOME: join(work, "home"),
  TERM: "xterm-256color",
};

const has = (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until the camera's work after a session is done, so that it does not weigh on whoever is measured next. */
async function quiet() {
  while (spawnSync("pgrep", ["-f", "bodycam.js finish"]).status === 0) await pause(100);
}

/** How each recorder runs a shell command. */
const tools = {
  bare: (command) => ["sh", "-c", command],
  bodycam: (command) => [process.execPath, bodycam, "run", "--quiet", "--", "sh", "-c", command],
  ...(has("script") && { "script -f": (command) => ["script", "-qfc", command, join(work, "typescript")] }),
  ...(has("asciinema") && {
    asciinema: (command) => ["asciinema", "rec", "-q", "--overwrite", "-c", command, join(work, "a.cast")],
  }),
};

/** Runs a command at a terminal of its own. */
function start(argv, onOutput) {
  const file = execFileSync("sh", ["-c", 'command -v "$0"', argv[0]], { encoding: "utf8" }).trim();
  let terminal;
  const ended = new Promise((resolve) => {
    terminal = new AgentTerminal(
      {
        file,
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
        output(bytes) {
          onOutput(bytes);
          return true;
        },
        stopped() {},
        ended: resolve,
      },
    );
  });
  return { terminal, ended };
}

/** Megabytes a second, from the start of the tool to its end. */
async function throughput(tool) {
  let bytes = 0;
  const from = performance.now();
  await start(tools[tool](`cat ${join(work, "build.log")}`), (piece) => {
    bytes += piece.length;
  }).ended;
  return bytes / 1e3 / (performance.now() - from);
}

/** Milliseconds from the start of the tool to the command's first byte. */
async function firstByte(tool) {
  const from = performance.now();
  let first;
  await start(tools[tool]("printf x"), () => {
    first ??= performance.now() - from;
  }).ended;
  return first;
}

/** Milliseconds from each of many keys to its echo. */
async function echo(tool) {
  const times = [];
  let heard = () => {};
  const { terminal, ended } = start(tools[tool]("stty raw -echo; printf ready; exec cat"), (piece) => {
    if (Buffer.from(piece).includes("ready")) setTimeout(type, 500);
    else heard();
  });
  async function type() {
    for (let n = 0; n < keys; n++) {
      const echoed = new Promise((resolve) => {
        heard = resolve;
      });
      const sent = performance.now();
      terminal.write(Uint8Array.of(0x61 + (n % 26)));
      await echoed;
      times.push(performance.now() - sent);
      await pause(3);
    }
    terminal.signal("SIGTERM");
    setTimeout(() => terminal.signal("SIGKILL"), 1000).unref();
  }
  await ended;
  return times;
}

/** The resident memory of a process and all below it, in MB, as the sum of what each counts as its own share. */
function memoryOf(pid) {
  const share = (id) =>
    Number(/^Rss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024;
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, "utf8");
        return [
          {
            id,
            parent: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1],
            name: stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
          },
        ];
      } catch {
        return [];
      }
    });
  const own = parents.filter(
    ({ id, parent, name }) => id === String(pid) || (parent === String(pid) && name === "guard"),
  );
  return own.reduce((sum, { id }) => sum + share(id), 0);
}

/** Memory at points along a long session. */
async function memory() {
  const samples = [];
  const { terminal, ended } = start(
    tools.bodycam(
      `for i in $(seq ${Math.ceil(memoryMegabytes / Number(values.megabytes))}); do cat ${join(work, "build.log")}; done`,
    ),
    () => {},
  );
  const timer = setInterval(() => {
    try {
      samples.push(memoryOf(terminal.pid));
    } catch {
      // It has just ended.
    }
  }, 100);
  await ended;
  clearInterval(timer);
  await quiet();
  return samples;
}

const median = (numbers) => percentile(numbers, 0.5);
function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function interleaved(measure) {
  const results = Object.fromEntries(Object.keys(tools).map((tool) => [tool, []]));
  for (let round = -1; round < rounds; round++) {
    for (const tool of Object.keys(tools)) {
      const result = await measure(tool);
      await quiet();
      // The first round warms the caches and is not counted.
      if (round >= 0) results[tool].push(result);
    }
  }
  return results;
}

writeBuildLog(join(work, "build.log"), Number(values.megabytes) * 1e6);

console.log(
  `throughput, MB/s (${values.megabytes} MB of build log, median of ${rounds} rounds; the ratio is by round)`,
);
const speeds = await interleaved(throughput);
for (const [tool, list] of Object.entries(speeds)) {
  const ratio = median(list.map((speed, round) => speed / (speeds["script -f"]?.[round] ?? Number.NaN)));
  console.log(
    `  ${tool.padEnd(10)} ${median(list).toFixed(0).padStart(5)}   ${ratio.toFixed(2)} × script -f`,
  );
}

console.log(`first byte, ms from the start (median of ${rounds} rounds)`);
const starts = await interleaved(firstByte);
for (const [tool, list] of Object.entries(starts)) {
  console.log(
    `  ${tool.padEnd(10)} ${median(list).toFixed(0).padStart(5)}   ${(median(list) - median(starts.bare)).toFixed(0)} over bare`,
  );
}

console.log(`echo of a key, ms (${keys} keys a round, ${rounds} rounds)`);
const echoes = await interleaved(echo);
const bare99 = percentile(echoes.bare.flat(), 0.99);
for (const [tool, list] of Object.entries(echoes)) {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(list.flat(), share));
  console.log(
    `  ${tool.padEnd(10)} p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}   p99 ${(p99 - bare99).toFixed(2)} over bare`,
  );
}

if (process.platform === "linux" && memoryMegabytes > 0) {
  const samples = await memory();
  const third = Math.floor(samples.length / 3);
  const parts = [samples.slice(0, third), samples.slice(third, 2 * third), samples.slice(2 * third)];
  console.log(
    `memory over ${memoryMegabytes} MB, MB resident: largest ${Math.max(...samples).toFixed(0)}; median by third ${parts.map((part) => median(part).toFixed(0)).join(", ")}`,
  );
}
