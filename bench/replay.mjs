#!/usr/bin/env node
// What a reviewer waits for, measured as they see it: `bodycam replay` runs in a real terminal, is sent keys and clicks,
// and what counts is when the frame that answers has been drawn.
//
//   node bench/replay.mjs [--megabytes N] [--seconds N] [--seeks N] [--play-seconds N]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Catalogue } from "../dist/catalogue/catalogue.js";
import { SummaryAccumulator } from "../dist/core/summaryAccumulator.js";
import { AgentTerminal } from "../dist/pty/agentTerminal.js";
import { packRecording } from "../dist/recording/pack.js";
import { openRecording } from "../dist/recording/reader.js";
import { makeScreenCache } from "../dist/replay/makeScreenCache.js";
import { writeBigRecording, writeFullColor } from "./bigRecording.mjs";

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "100" },
    seconds: { type: "string", default: "3600" },
    seeks: { type: "string", default: "100" },
    "play-seconds": { type: "string", default: "20" },
  },
});

const work = mkdtempSync(join(tmpdir(), "bodycam-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));
const home = join(work, "home");
const program = new URL("../bin/bodycam.js", import.meta.url).pathname;
const { BODYCAM_SESSION: _, NO_COLOR: __, ...rest } = process.env;
const env = { ...rest, BODYCAM_HOME: home, TERM: "xterm-256color", COLORTERM: "truecolor" };

const BIG = "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11";
const COLORS = "1b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11";
const recordingOf = (session) => join(home, "sessions", session, "recording.bodycam");
const cacheOf = (session) => join(home, "cache", `${session}.screens`);

/** Puts a session into the catalogue as its camera would have, with a flag in its middle. */
function catalogue(session, flagged) {
  const path = recordingOf(session);
  const recording = openRecording(path);
  const sum = new SummaryAccumulator(session, recording.header.startedAt);
  let middle;
  for (const event of recording.events()) {
    sum.add(event);
    if (event.kind === "gap") throw new Error("the recording has a gap");
    if (event.kind === "output" && event.at <= (Number(values.seconds) / 2) * 1e6) middle = event;
  }
  recording.close();
  const summary = sum.summary("torn");
  const flag = {
    id: "f",
    session,
    rule: {
      id: "r",
      title: "Said",
      level: "high",
      tags: ["attack.t1539"],
      sentence: "The agent said something.",
    },
    at: middle.at,
    confidence: "seen",
    evidence: [{ source: "screen", at: middle.at, seq: middle.seq, summary: "the agent", fields: {} }],
  };
  const entries = new Catalogue(join(home, "catalogue.db"));
  entries.replaceSession(summary, flagged ? [flag] : []);
  entries.close();
  return summary;
}

/** A replay in a terminal: `frame` waits for the next one that is as wanted and gives the time when it was there. */
function replayIn(session, cols, rows) {
  let text = "";
  let wait;
  let size = 0;
  const from = performance.now();
  const onBytes = (bytes) => {
    size += bytes.length;
    text += Buffer.from(bytes).toString("utf8");
    for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END)) {
      const frame = text.slice(0, end);
      text = text.slice(end + END.length);
      onFrame(frame, performance.now());
    }
  };
  let onFrame = (frame, at) => {
    if (wait === undefined || !wait.holds(frame)) return;
    const { resolve } = wait;
    wait = undefined;
    resolve(at);
  };
  let terminal;
  const ended = new Promise((resolve) => {
    terminal = new AgentTerminal(
      {
        file: process.execPath,
        argv: [process.execPath, program, "replay", session],
        cwd: work,
        env,
        size: { cols, rows, xpixel: 0, ypixel: 0 },
        modes: undefined,
        echo: true,
        translate: true,
        stdinPipe: undefined,
      },
      {
        output(bytes) {
          onBytes(bytes);
          return true;
        },
        stopped() {},
        ended: resolve,
      },
    );
  });
  return {
    from,
    ended,
    type: (keys) => terminal.write(Buffer.from(keys)),
    frame: (holds) =>
      new Promise((resolve) => {
        wait = { holds, resolve };
      }),
    watch: (watcher) => {
      const before = onFrame;
      onFrame = (frame, at) => {
        watcher(frame, at);
        before(frame, at);
      };
    },
    memory: () => memoryOf(terminal.pid),
    get bytes() {
      return size;
    },
  };
}

const END = "\x1b[?2026l";

/** Resident memory of the replay now and at its peak, in MB. */
function memoryOf(pid) {
  const find = (id) => {
    try {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      return [/VmRSS:\s+(\d+)/, /VmHWM:\s+(\d+)/].map((line) => Number(line.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      return [0, 0];
    }
  };
  return find(pid);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const percentile = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
const ms = (n) => `${n.toFixed(0)} ms`;

const COLS = 120;
const ROWS = 44;
let state = 99;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
};

/** Opens the big session, seeks through it with clicks on its timeline, and says how long each took. */
async function seeks(name) {
  const replay = replayIn(BIG, COLS, ROWS);
  const opened =
    (await replay.frame((frame) => /flag 1\/1/.test(frame) && !frame.includes("going there"))) - replay.from;
  let last = -1;
  const seek = async (column) => {
    last = column;
    const sent = performance.now();
    replay.type(`\x1b[<0;${column + 1};${ROWS - 1}M`);
    return (await replay.frame((frame) => / \/ \d/.test(frame) && !frame.includes("going there"))) - sent;
  };
  const first = await seek(COLS - 2);
  const times = [];
  for (let n = 0; n < Number(values.seeks); n++) {
    let column = random(COLS);
    if (column === last) column = (column + 1) % COLS;
    times.push(await seek(column));
  }
  const [, peak] = replay.memory();
  replay.type("q");
  await replay.ended;
  console.log(
    `  ${name.padEnd(22)} opening ${ms(opened)}   first far seek ${ms(first)}   seeks: p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, max ${ms(Math.max(...times))}   memory at most ${peak.toFixed(0)} MB`,
  );
}

/** Plays a session that paints a 200×50 screen in full colour 30 times a second. */
async function plays() {
  const replay = replayIn(COLORS, 200, 52);
  const seen = new Map();
  replay.watch((frame, at) => {
    const number = /frame (\d+)/.exec(frame)?.[1];
    if (number !== undefined && !seen.has(Number(number))) seen.set(Number(number), at);
  });
  await replay.frame((frame) => frame.includes("▶"));
  const latencies = [];
  const until = performance.now() + (Number(values["play-seconds"]) - 2) * 1000;
  for (let zoomed = false; performance.now() < until; zoomed = !zoomed) {
    await pause(230 + random(100));
    const sent = performance.now();
    replay.type(zoomed ? "Z" : "z");
    const answered = await replay.frame((frame) => / \/ \d/.test(frame) && frame.includes("zoom") !== zoomed);
    latencies.push(answered - sent);
  }
  const [, peak] = replay.memory();
  const { bytes } = replay;
  replay.type("q");
  await replay.ended;
  const numbers = [...seen.keys()];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const whole = high - low + 1;
  const seconds = (seen.get(high) - seen.get(low)) / 1000;
  console.log(
    `  ${whole} frames in ${seconds.toFixed(1)} s (${(whole / seconds).toFixed(1)} a second recorded), ${whole - numbers.length} dropped; ${(numbers.length / seconds).toFixed(1)} a second shown, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s sent`,
  );
  console.log(
    `  a key is answered in: p50 ${ms(percentile(latencies, 0.5))}, p95 ${ms(percentile(latencies, 0.95))}, max ${ms(Math.max(...latencies))} (${latencies.length} keys)   memory at most ${peak.toFixed(0)} MB`,
  );
}

console.log(
  `machine: ${execFileSync("uname", ["-sm"], { encoding: "utf8" }).trim()}, load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`,
);
await writeBigRecording(recordingOf(BIG), BIG, {
  seconds: Number(values.seconds),
  bytes: Number(values.megabytes) * 1e6,
});
const plain = statSync(recordingOf(BIG)).size;
await packRecording(recordingOf(BIG), recordingOf(BIG));
const summary = catalogue(BIG, true);
console.log(
  `a session of ${Math.round(summary.durationUs / 1e6)} s with ${(summary.outputBytes / 1e6).toFixed(0)} MB of output (${(plain / 1e6).toFixed(0)} MB, packed ${(statSync(recordingOf(BIG)).size / 1e6).toFixed(0)} MB)`,
);
await seeks("without kept screens");
const began = performance.now();
rmSync(cacheOf(BIG), { force: true });
makeScreenCache(recordingOf(BIG), cacheOf(BIG));
console.log(
  `  screens kept at the session's end: ${(statSync(cacheOf(BIG)).size / 1e6).toFixed(1)} MB, made in ${((performance.now() - began) / 1000).toFixed(1)} s`,
);
await seeks("with kept screens");

console.log("playing 200×50 in full colour at 30 frames a second");
await writeFullColor(recordingOf(COLORS), COLORS, Number(values["play-seconds"]));
catalogue(COLORS, false);
await plays();
