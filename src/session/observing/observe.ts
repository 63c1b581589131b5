import { parentPort } from "node:worker_threads";
import { messageOf } from "../../core/errors.js";
import type { CoverageFact, FileFact } from "../../core/observation.js";
import { FileObserver } from "../../observe/files/fileObserver.js";
import { stepBack } from "../stepBack.js";
import type { ObservingStart, ToObserving } from "./protocol.js";
import { sensitiveList } from "./sensitiveList.js";
import type { Sources } from "./sources.js";

/*
 * The thread that looks beyond the terminal: at processes, sensitive files and the agent's own transcript. It has a
 * thread of its own so that what it costs never stands between a key and its echo. What it sees goes to the camera,
 * encoded and in batches, and from there into the recording.
 *
 * The agent's start waits for the watch on sensitive files: so that is begun here, with as little as it needs, and all
 * else is loaded while it is being set up.
 */
const camera = parentPort;
if (camera === null) throw new Error("observe.js runs as a worker only");

let sources: Sources | undefined;
/** What the sources are to be told as soon as they are there. */
const untold: ((sources: Sources) => void)[] = [];

camera.on("message", (message: ToObserving) => {
  if (message.type === "begin") void begin(message.start);
  else tellSources((one) => one.hear(message));
});

async function begin(start: ObservingStart): Promise<void> {
  const files = fileObserver(start);
  const watching = files?.start();
  const { Sources } = await import("./sources.js");
  sources = new Sources(start, files, (message, transfer) => camera?.postMessage(message, transfer));
  for (const one of untold.splice(0)) one(sources);
  await watching;
  camera?.postMessage({ type: "ready" });
  stepBack();
}

function fileObserver({ cwd, home, bodycamHome, detectors }: ObservingStart): FileObserver | undefined {
  try {
    return new FileObserver({
      home,
      cwd,
      bodycamHome,
      list: sensitiveList(detectors),
      processes: {
        living: () => sources?.processes?.living() ?? [],
        recentlyEnded: () => sources?.processes?.recentlyEnded() ?? [],
        belongs: (pid) => sources?.processes?.belongs(pid) ?? false,
        describe: (pid) => sources?.processes?.describe(pid),
      },
      onFact: (fact: FileFact, at: number) => tellSources((one) => one.file(fact, at)),
      onCoverage: covered,
    });
  } catch (error) {
    const detail = `Sensitive files are not watched: ${messageOf(error)}`;
    covered({ source: "inotify", state: "failed", detail });
    return undefined;
  }
}

const covered = (fact: CoverageFact): void => tellSources((one) => one.covered(fact));

function tellSources(one: (sources: Sources) => void): void {
  if (sources === undefined) untold.push(one);
  else one(sources);
}
