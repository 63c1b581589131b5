import { Worker } from "node:worker_threads";
import type { LineSource } from "../core/sessionLine.js";
import type { Micros } from "../core/units.js";
import type { EventSource } from "../replay/eventSource.js";
import { safeText } from "../terminal/safeText.js";
import { shorten } from "./rowText.js";
import { MOST_HITS, type SearchHit, searchEvents, wantedFrom } from "./searchText.js";
import type { SearchProgress, SearchStart } from "./searchThread.js";

/** What there is to search: the events, and the path of the recording that they are from, when there is one. */
export interface Searched {
  readonly source: EventSource;
  readonly path: string | undefined;
  /** How many events there are. */
  readonly count: number;
}

/** What a view needs of a search. */
export interface SearchState {
  /** In a few words, safe: what is searched, which hit it is of how many, and whether more may come. */
  readonly status: string;
  /** The text of the hit that is looked at, as it may be on the screen. */
  readonly shown: string | undefined;
}

const FOUND: Readonly<Record<LineSource, string>> = {
  screen: "on the screen",
  typed: "typed",
  executed: "run",
  declared: "declared",
};

const LONGEST_QUERY = 20;
/** Without a thread, so long at a time (milliseconds). */
const SLICE = 8;

/** One search through a session, while it goes on and afterwards. */
export class Search implements SearchState {
  readonly query: string;
  hits: readonly SearchHit[] = [];
  /** When the hits were: a new list whenever there are more of them. */
  moments: readonly Micros[] = [];
  /** The hit that is looked at, -1 before the first. */
  current = -1;
  #share = 0;
  #done = false;
  #stop: () => void = () => undefined;

  /** Begins at once and calls `onChange` as it gets on. @throws BodycamError `bad-usage` when it can't be searched */
  constructor(query: string, searched: Searched, onChange: () => void) {
    this.query = query;
    const wanted = wantedFrom(query);
    const take = ({ hits, through, done }: SearchProgress) => {
      if (hits.length > 0) {
        this.hits = [...this.hits, ...hits];
        this.moments = this.hits.map(({ at }) => at);
      }
      this.#share = through / Math.max(1, searched.count);
      this.#done = done;
      onChange();
    };
    this.#stop =
      searched.path === undefined
        ? searchHere(searchEvents(searched.source.events(), wanted), take)
        : searchBehind({ recording: searched.path, query }, take);
  }

  get done(): boolean {
    return this.#done;
  }

  get hit(): SearchHit | undefined {
    return this.hits[this.current];
  }

  get shown(): string | undefined {
    return this.hit?.text;
  }

  get status(): string {
    const { hits, hit } = this;
    const query = `/${shorten(safeText(this.query), LONGEST_QUERY)}`;
    const more = hits.length >= MOST_HITS ? "+" : this.#done ? "" : ` (${Math.floor(this.#share * 100)} %)`;
    if (hits.length === 0) return `${query}: ${this.#done ? "not found" : `searching${more}`}`;
    const where = hit === undefined ? "" : ` ${FOUND[hit.source]}`;
    return `${query}: hit ${this.current + 1}/${hits.length}${more}${where}`;
  }

  /** The number of the first hit behind an event; undefined when there is none so far. */
  firstBehind(seq: number): number | undefined {
    const n = this.hits.findIndex((hit) => hit.seq > seq);
    return n < 0 ? undefined : n;
  }

  stop(): void {
    this.#stop();
  }
}

/** Searches in this thread, a slice at a time. */
function searchHere(
  steps: Iterator<readonly SearchHit[]>,
  take: (progress: SearchProgress) => void,
): () => void {
  let through = 0;
  let stopped = false;
  const slice = () => {
    if (stopped) return;
    const hits: SearchHit[] = [];
    const until = performance.now() + SLICE;
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) {
        take({ hits, through, done: true });
        return;
      }
      hits.push(...value);
      through++;
      if (performance.now() >= until) break;
    }
    take({ hits, through, done: false });
    setImmediate(slice);
  };
  setImmediate(slice);
  return () => {
    stopped = true;
  };
}

const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

function searchBehind(start: SearchStart, take: (progress: SearchProgress) => void): () => void {
  const thread = new Worker(new URL("./searchThread.js", import.meta.url), {
    workerData: start,
    resourceLimits: LIMITS,
  });
  let through = 0;
  thread.unref();
  thread.on("message", (progress: SearchProgress) => {
    through = progress.through;
    take(progress);
  });
  thread.on("error", () => {
    take({ hits: [], through, done: true });
  });
  return () => void thread.terminate();
}
