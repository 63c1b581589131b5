import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Catalogue } from "../catalogue/catalogue.js";
import { messageOf } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import { SummaryAccumulator } from "../core/summaryAccumulator.js";
import { loadDetectors } from "../detection/detectors.js";
import { BlockFollower } from "../recording/follower.js";
import { Analysis } from "./analysis.js";
import type { FromWatcher, ToWatcher, WatcherStart } from "./protocol.js";
import { stepBack } from "./stepBack.js";

/** How many events are looked at before messages and timers get their turn. */
const TURN = 64;
/** A pause in the output after which the last line counts as finished; see ScreenReader.settle, plus the writer's delay. */
const SETTLED_MS = 200;
const CATALOGUE_EVERY_MS = 2_000;
/** So far behind the watcher is only when output floods. */
const FLOOD_BYTES = 2_000_000;
const MOST_REST_MS = 100;

const { home, session, startedAt, detectors } = workerData as WatcherStart;
const camera = parentPort;
if (camera === null) throw new Error("watch.js runs as a worker only");

stepBack();
const analysis = new Analysis(await loadDetectors(detectors, undefined, startedAt), session);
const sum = new SummaryAccumulator(session, startedAt);
const follower = new BlockFollower();
const catalogue = openCatalogue();
let available: { readonly fd: number; readonly bytes: number } = { fd: -1, bytes: 0 };
let ended = false;
let busy = false;
let settling: NodeJS.Timeout | undefined;
let catalogued = 0;

camera.on("message", (message: ToWatcher) => {
  available = message;
  ended ||= message.type === "ended";
  if (!busy) void follow().catch((error: unknown) => tell({ type: "trouble", message: messageOf(error) }));
});

/** Looks at everything that is there, a turn at a time; finishes when that was all there will be. */
async function follow(): Promise<void> {
  busy = true;
  clearTimeout(settling);
  while (follower.offset < available.bytes && follower.problem === undefined) {
    const before = follower.offset;
    let count = 0;
    let turnFrom = performance.now();
    for (const event of follower.read(available.fd, available.bytes)) {
      sum.add(event);
      report(analysis.event(event));
      if (++count % TURN === 0) {
        tell({ type: "progress", bytes: follower.offset });
        await pause(restAfter(performance.now() - turnFrom));
        turnFrom = performance.now();
      }
    }
    // A descriptor that was just given up has fewer bytes than was said: the next message brings another.
    if (follower.offset === before) break;
  }
  tell({ type: "progress", bytes: follower.offset });
  busy = false;
  if (ended && follower.offset >= available.bytes) finish();
  else {
    settling = setTimeout(() => report(analysis.settle()), SETTLED_MS);
    keepCatalogue();
  }
}

/**
 * How long to rest after a turn of work, in milliseconds. While output floods, the camera, the agent and the terminal
 * need every core, and the watcher takes a tenth of one; it catches up when the flood is over.
 */
function restAfter(worked: number): number {
  return !ended && available.bytes - follower.offset > FLOOD_BYTES ? Math.min(MOST_REST_MS, worked * 9) : 0;
}

function finish(): void {
  report(analysis.settle());
  keepCatalogue(true);
  catalogue?.close();
  tell({ type: "done" });
  camera?.close();
}

function report(flags: readonly Flag[]): void {
  for (const flag of flags) {
    tell({ type: "flag", flag });
    keepCatalogue(true);
    attempt(() => catalogue?.addFlag(flag));
  }
}

/** Brings the session's entry up to date, now and then, or `now`. */
function keepCatalogue(now = false): void {
  if (!now && Date.now() - catalogued < CATALOGUE_EVERY_MS) return;
  const summary = sum.summary("recording", analysis.claims());
  if (summary === undefined) return;
  catalogued = Date.now();
  attempt(() => catalogue?.putSession(summary));
}

/** The catalogue can be made anew from the recordings; what can't be written to it now is found then. */
function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // See above: `bodycam list` takes in what is missing.
  }
}

function openCatalogue(): Catalogue | undefined {
  try {
    return new Catalogue(home.catalogue);
  } catch {
    return undefined;
  }
}

function tell(message: FromWatcher): void {
  camera?.postMessage(message);
}
