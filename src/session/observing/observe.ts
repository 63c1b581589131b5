import { parentPort, workerData } from "node:worker_threads";
import { openForeignDatabase } from "../../catalogue/database.js";
import { messageOf } from "../../core/errors.js";
import type { CoverageFact, Observation } from "../../core/observation.js";
import { micros } from "../../core/units.js";
import { FileObserver } from "../../observe/files/fileObserver.js";
import { ProcessObserver } from "../../observe/processes/processObserver.js";
import type { Prepared } from "../../observe/processes/tracing.js";
import { type CopiedPiece, copyOf } from "../../observe/transcripts/copy.js";
import { TranscriptObserver } from "../../observe/transcripts/observer.js";
import { stepBack } from "../stepBack.js";
import { FrameBatcher } from "./frameBatcher.js";
import type { FromObserving, ObservingStart, ToObserving } from "./protocol.js";
import { sensitiveList } from "./sensitiveList.js";

/*
 * The thread that looks beyond the terminal: at processes, sensitive files and the agent's own transcript. It has a
 * thread of its own so that what it costs never stands between a key and its echo. What it sees goes to the camera,
 * encoded and in batches, and from there into the recording.
 */
const start = workerData as ObservingStart;
const camera = parentPort;
if (camera === null) throw new Error("observe.js runs as a worker only");

stepBack();

/** The wall clock at the session's start, microseconds since 1970; facts from before are not the session's. */
let startedAt: number | undefined;
let processes: ProcessObserver | undefined;
let files: FileObserver | undefined;
let transcripts: TranscriptObserver | undefined;
let taken: () => void = () => {};

/** Whether the next batch is to be answered. */
let asks = false;

const frames = new FrameBatcher((batch) => {
  tell({ type: "frames", batch, asks });
  asks = false;
});

camera.on("message", (message: ToObserving) => {
  switch (message.type) {
    case "prepared":
      void prepare(message.prepared).then(() => tell({ type: "ready" }));
      return;
    case "started":
      startedAt = message.startedAt;
      begin(message.pid);
      return;
    case "stop":
      void stop().finally(() => {
        frames.flush();
        tell({ type: "stopped" });
        camera.close();
      });
      return;
    case "taken":
      taken();
      return;
  }
});

async function prepare(prepared: Prepared): Promise<void> {
  const { mode, cwd, env, mark, home, bodycamHome, detectors } = start;
  const observer = new ProcessObserver(
    {
      mode,
      cwd,
      env,
      mark,
      onFact: (fact, at) => {
        observed({ source: "process", fact }, at);
        if (fact.what === "exec") transcripts?.executed(fact);
      },
      onCoverage: covered,
      onTrouble: (detail) => tell({ type: "trouble", detail }),
      onTouched: (file, at) => {
        files?.touched(file, at);
        if (file.access === "write") transcripts?.opened(file.path);
      },
    },
    prepared,
  );
  processes = observer;
  try {
    files = new FileObserver({
      home,
      cwd,
      bodycamHome,
      list: sensitiveList(detectors),
      processes: observer,
      onFact: (fact, at) => observed({ source: "file", fact }, at),
      onCoverage: covered,
    });
    await files.start();
  } catch (error) {
    covered({
      source: "inotify",
      state: "failed",
      detail: `Sensitive files are not watched: ${messageOf(error)}`,
    });
  }
}

function begin(pid: number): void {
  processes?.start(pid);
  const { command, cwd, env } = start;
  transcripts = TranscriptObserver.start({
    command,
    cwd,
    env,
    startedAt: Math.floor((startedAt ?? 0) / 1000),
    ancestor: process.pid,
    onFact: (fact, at) =>
      observed({ source: "tool", fact }, at === undefined ? undefined : Math.floor(at * 1000)),
    onCoverage: covered,
    openDatabase: openForeignDatabase,
  });
}

/** The last lines of strace first: they say what the transcript's calls did. */
async function stop(): Promise<void> {
  await processes?.stop();
  await files?.stop();
  for (const transcript of (await transcripts?.stop()) ?? []) {
    try {
      for await (const piece of copyOf(transcript, openForeignDatabase)) await keep(piece);
    } catch (error) {
      covered({
        source: "transcript",
        state: "failed",
        detail: `${transcript.path} could not be copied whole: ${messageOf(error)}`,
      });
    }
  }
}

/** Hands a piece of a transcript to the camera and waits until it has taken it: a transcript can be large. */
async function keep({ conversation, data, ...piece }: CopiedPiece): Promise<void> {
  const origin = conversation === undefined ? piece : { ...piece, conversation };
  await new Promise<void>((resolve) => {
    taken = resolve;
    // Before the piece is added: a large one is sent at once.
    asks = true;
    frames.add({ kind: "transcript", piece: origin, data });
    frames.flush();
  });
}

/** `at`: microseconds since 1970, where it is known. */
function observed(observation: Observation, at: number | undefined): void {
  if (startedAt === undefined) return;
  if (at === undefined) frames.add({ kind: "observation", observation });
  else frames.add({ kind: "observation", observation, happened: micros(Math.max(0, at - startedAt)) });
}

function covered(fact: CoverageFact): void {
  frames.add({ kind: "observation", observation: { source: "coverage", fact } });
}

function tell(message: FromObserving): void {
  if (message.type === "frames") {
    const { codes, lengths, bytes } = message.batch;
    camera?.postMessage(message, [codes.buffer, lengths.buffer, bytes.buffer] as ArrayBuffer[]);
  } else camera?.postMessage(message);
}
