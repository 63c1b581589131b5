import { parentPort, workerData } from "node:worker_threads";
import { openRecording } from "../recording/reader.js";
import { type SearchHit, searchEvents, wantedFrom } from "./searchText.js";

/** What the thread that searches a recording is started with. */
export interface SearchStart {
  readonly recording: string;
  readonly query: string;
}

/** What it tells: what was found since it told last, and up to which event it has come. */
export interface SearchProgress {
  readonly hits: readonly SearchHit[];
  readonly through: number;
  readonly done: boolean;
}

const EVERY_MS = 100;
const { recording: path, query } = workerData as SearchStart;
const replay = parentPort;
if (replay === null) throw new Error("searchThread.js runs as a worker only");

const recording = openRecording(path);
let hits: SearchHit[] = [];
let through = 0;
let told = performance.now();
// As recorded, without the returns that a screen needs: SessionText puts them in by itself.
for (const found of searchEvents(recording.events(), wantedFrom(query))) {
  hits.push(...found);
  through++;
  if (performance.now() - told < EVERY_MS) continue;
  tell(false);
  told = performance.now();
}
tell(true);
replay.close();

function tell(done: boolean): void {
  replay?.postMessage({ hits, through, done } satisfies SearchProgress);
  hits = [];
}
