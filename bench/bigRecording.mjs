import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { temporarySigner } from "../dist/recording/keys.js";
import { RecordingWriter } from "../dist/recording/writer.js";

const COLS = 120;
const ROWS = 40;

/** The same numbers every time. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

const WORDS =
  "the agent reads a file and writes its tests then builds again because of warning error module path 漢字 → ok é".split(
    " ",
  );

/**
 * Output of an agent's session of an hour, a piece for each of 30 frames a second: minutes of a prompt that is painted
 * again and again below scrolling text, of build logs, and of a full-screen editor in full colour, one after the other.
 */
function* frames(seconds, bytes) {
  const random = numbers(7);
  const text = (length) => {
    let line = "";
    while (line.length < length) line += `${WORDS[random(WORDS.length)]} `;
    return line.slice(0, length);
  };
  const color = () => `38;2;${random(256)};${random(256)};${random(256)}`;
  const perFrame = bytes / (seconds * 30);
  for (let frame = 0; frame < seconds * 30; frame++) {
    const second = Math.floor(frame / 30);
    const phase = Math.floor(second / 60) % 3;
    const begins = frame % (30 * 60) === 0;
    let out = "";
    if (begins && phase === 2) out += "\x1b[?1049h\x1b[?25l\x1b[2J";
    if (begins && phase === 0 && frame > 0) out += "\x1b[?1049l\x1b[?25h\x1b[0m";
    while (Buffer.byteLength(out) < perFrame)
      if (phase === 0) {
        out += `\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\r\x1b[${color()}m●\x1b[0m ${text(40 + random(200))}\r\n`;
        out += `\x1b[2m╭${"─".repeat(60)}╮\x1b[0m\r\n\x1b[1m✻ Thinking… ${frame}\x1b[0m (${second}s)`;
      } else if (phase === 1) {
        out += `[${second % 100}%] Building CXX object ${text(10 + random(90))}.o\r\n`;
        if (random(10) === 0) out += `\x1b[33mwarning:\x1b[0m ${text(random(150))}\r\n`;
      } else {
        out += `\x1b[${1 + random(ROWS)};1H`;
        for (let run = 0; run < 8; run++) out += `\x1b[${color()}m${text(COLS / 8)}`;
        out += `\x1b[0m\x1b[${ROWS};1H\x1b[7m frame ${frame} \x1b[0m`;
      }
    yield out;
  }
}

/** A screen of 200×50 painted anew in full colour, each cell another, 30 times a second. */
function* paintings(seconds) {
  const random = numbers(11);
  for (let frame = 0; frame < seconds * 30; frame++) {
    let out = "\x1b[H";
    for (let row = 0; row < 49; row++) {
      for (let column = 0; column < 200; column++)
        out += `\x1b[38;2;${(column + frame) % 256};${(row * 5) % 256};${random(256)};48;2;0;${frame % 256};${column % 256}m${String.fromCharCode(33 + random(90))}`;
      out += "\x1b[0m\r\n";
    }
    yield `${out}frame ${frame}`;
  }
}

const size = (cols, rows) => ({ cols, rows, xpixel: 0, ypixel: 0 });

/** Writes a recording of frames, 30 a second, with changes of the terminal's size before those that `sizes` names. */
async function writeFrames(path, session, [cols, rows], frames, sizes = () => undefined) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let now = 0;
  const writer = RecordingWriter.create({
    path,
    session,
    startedAt: 1_700_000_000_000_000,
    clock: { now: () => now },
    signer: temporarySigner(),
    meta: {
      command: ["agent", "--work", "for an hour"],
      cwd: "/home/ada/project",
      term: "xterm-256color",
      size: size(cols, rows),
      user: "ada",
      host: "bench",
      platform: "linux",
      recorder: { version: "0", pid: process.pid },
      terminal: { stdin: true, stdout: true },
      stdin: "terminal",
    },
  });
  let frame = 0;
  for (const text of frames) {
    now = Math.round((frame++ * 1e6) / 30);
    writer.append({ kind: "output", data: Buffer.from(text) });
    const next = sizes(frame);
    if (next !== undefined) writer.append({ kind: "resize", size: size(...next) });
    // The writer works beside us, and counts what it could not keep up with as lost.
    while (writer.backlog > 4e6) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await writer.end({ by: "exit", code: 0 });
  writer.close();
}

/**
 * Writes a recording of `seconds` with about `bytes` of output to `path`, as a camera would have, with a few changes of
 * the terminal's size.
 */
export const writeBigRecording = (path, session, { seconds, bytes }) =>
  writeFrames(path, session, [COLS, ROWS], frames(seconds, bytes), (frame) =>
    frame % 9000 === 0 ? [frame % 18000 === 0 ? COLS : 90, ROWS] : undefined,
  );

/** Writes a recording that keeps a 200×50 screen in full colour busy. */
export const writeFullColor = (path, session, seconds) =>
  writeFrames(path, session, [200, 50], paintings(seconds));
