import { realpath } from "node:fs/promises";
import type { CoverageFact } from "../../core/observation.js";
import type { LineAgent, Origin, Place } from "./agent.js";
import { AGENTS } from "./agents.js";
import { headOf, Search, writtenSince } from "./find.js";
import { type Follower, follow } from "./follow.js";
import { openFiles } from "./processes.js";
import type { Run, Runs } from "./runs.js";
import type { Told } from "./told.js";

/** Where facts and words about the coverage go. */
export interface News {
  readonly told: (told: readonly Told[]) => void;
  readonly says: (state: CoverageFact["state"], detail: string) => void;
}

interface Followed {
  readonly agent: LineAgent;
  readonly path: string;
  readonly follower: Follower;
  /** The agent's id of the conversation, when the transcript says it. */
  readonly origin: Origin | undefined;
  /** Whether it is the session's for a better reason than its place and time. */
  readonly proven: boolean;
}

/** A transcript of which only place and time are known, and the run that it could be of. */
interface Guess {
  readonly agent: LineAgent;
  readonly path: string;
  readonly origin: Origin;
  readonly run: Run;
}

/** Transcripts in files: finds those of the session, and follows them. */
export class Files {
  readonly #runs: Runs;
  readonly #since: number;
  readonly #news: News;
  readonly #search: Search;
  readonly #followed = new Map<string, Followed>();
  readonly #opened = new Set<string>();
  /** The record of each transcript that says whose it is. */
  readonly #heads = new Map<string, unknown>();

  constructor(runs: Runs, since: number, news: News) {
    this.#runs = runs;
    this.#since = since;
    this.#news = news;
    this.#search = new Search(since);
  }

  opened(path: string): void {
    if (LINE_AGENTS.some((agent) => agent.isTranscript(path))) this.#opened.add(path);
  }

  async search(thorough: boolean): Promise<void> {
    for (const path of this.#opened) await this.#takeOpened(path);
    for (const run of [...this.#runs.all])
      if (run.agent.store === "lines") await this.#ofProcesses(run, run.agent, thorough);
    const guesses: Guess[] = [];
    for (const run of [...this.#runs.all])
      if (run.agent.store === "lines") guesses.push(...(await this.#inFolders(run, run.agent, thorough)));
    this.#settleGuesses(guesses);
    for (const parent of [...this.#followed.values()]) await this.#children(parent);
  }

  async poll(): Promise<void> {
    for (const { follower, path } of this.#followed.values()) {
      await follower.poll();
      if (follower.skipped > 0) this.#news.says("failed", `parts of ${path} are too large and were left out`);
    }
  }

  async finish(): Promise<void> {
    for (const { follower } of this.#followed.values()) await follower.finish();
  }

  async transcripts(): Promise<readonly { agent: string; path: string }[]> {
    const there = await Promise.all(
      [...this.#followed.values()].map(async ({ agent, path }) => {
        // Codex compresses what rests.
        const packed = `${path}.zst`;
        const moved = !(await writtenSince(path, 0)) && (await writtenSince(packed, 0));
        return { agent: agent.name, path: moved ? packed : path };
      }),
    );
    return there;
  }

  /** What the processes of a run say themselves: by a file of their own about it, or by what they have open. */
  async #ofProcesses(run: Run, agent: LineAgent, thorough: boolean): Promise<void> {
    for (const pid of run.pids) {
      const said = await agent.ofProcess?.(pid, run.place);
      if (said !== undefined) {
        // The transcript may come later: until then no other is taken for it.
        run.conversation ??= said.session;
        await this.#prove(agent, said.path, run);
      }
      const seek = agent.keepsOpen && (thorough || run.conversation === undefined);
      const open = seek ? await openFiles(pid) : [];
      for (const path of open) if (agent.isTranscript(path)) await this.#prove(agent, path, run);
    }
  }

  async #takeOpened(path: string): Promise<void> {
    const agent = LINE_AGENTS.find((one) => one.isTranscript(path));
    const run = this.#runs.all.find((one) => one.agent === agent);
    if (agent !== undefined && (await this.#prove(agent, path, run))) this.#opened.delete(path);
  }

  /**
   * Follows a transcript that is the session's for sure, and gives up one that was only thought to be. False when it
   * is not there yet, or does not say yet which conversation it is.
   */
  async #prove(agent: LineAgent, said: string, run: Run | undefined): Promise<boolean> {
    if (!(await writtenSince(said, this.#since))) return false;
    const path = await realpath(said).catch(() => said);
    if (this.#followed.get(path)?.proven) return true;
    const origin = await this.#originOf(agent, path, run?.place ?? this.#runs.place);
    if (origin === undefined) return false;
    if (run !== undefined && origin.parent === undefined) {
      this.#giveUp(run, origin.session);
      run.conversation = origin.session;
    }
    this.#add(agent, path, origin, true);
    return true;
  }

  /** Whose a transcript is. Its beginning is read once. */
  async #originOf(agent: LineAgent, path: string, place: Place): Promise<Origin | undefined> {
    let record = this.#heads.get(path);
    if (record === undefined) {
      const head = await headOf(agent, path, place);
      if (head.hopeless) this.#search.settle(path);
      record = head.record;
      if (record !== undefined) this.#heads.set(path, record);
    }
    return record === undefined ? undefined : agent.origin(record, path, place);
  }

  #giveUp(run: Run, isSession: string): void {
    for (const [path, { agent, origin, proven }] of this.#followed) {
      if (proven || agent !== run.agent || run.conversation !== origin?.session) continue;
      if (origin?.session === isSession) continue;
      this.#followed.delete(path);
      this.#news.says(
        "failed",
        `${path} was taken for the transcript of ${agent.name} and is another session's: calls told before this are not this session's`,
      );
    }
  }

  async #inFolders(run: Run, agent: LineAgent, thorough: boolean): Promise<readonly Guess[]> {
    const quick = await agent.folders(run.place, Date.now(), false);
    const all = thorough && run.resumes ? await agent.folders(run.place, Date.now(), true) : quick;
    const guesses: Guess[] = [];
    for (const folder of new Set([...quick, ...all])) {
      const found = await this.#search.list(agent, folder, thorough);
      for (const path of found) guesses.push(...(await this.#judge(agent, path)));
    }
    return guesses;
  }

  /** What a transcript in the right folder is: another's, a subagent's, a proven one, or one to guess about. */
  async #judge(agent: LineAgent, found: string): Promise<readonly Guess[]> {
    const path = await realpath(found).catch(() => found);
    if (this.#followed.has(path) || this.#isPackedTwin(path)) {
      this.#search.settle(found);
      return [];
    }
    const origin = await this.#originOf(agent, path, this.#runs.place);
    if (origin === undefined) return [];
    if (origin.parent !== undefined) {
      const { parent } = origin;
      const isOurs = [...this.#followed.values()].some(
        (one) => one.agent === agent && one.origin?.session === parent,
      );
      if (isOurs) this.#add(agent, path, origin, true);
      return [];
    }
    const owners = (await agent.owners?.(path, origin, this.#runs.place)) ?? [];
    if (await anyOf(owners, (pid) => this.#runs.owns(pid))) {
      const run = this.#runs.all.find((one) => one.agent === agent && one.conversation === undefined);
      await this.#prove(agent, path, run);
      return [];
    }
    if (owners.length > 0 && this.#runs.canTell) {
      // Another session's. Should that be wrong, what a process of the session has open still proves it.
      this.#search.settle(found);
      return [];
    }
    const run = this.#runs.match(agent, (place) => agent.origin(this.#heads.get(path), path, place));
    if (run !== undefined) return [{ agent, path, origin, run }];
    // Proof may still come, by another way than this list.
    this.#search.settle(found);
    const isHere = this.#runs.all.some((one) => agent.origin(this.#heads.get(path), path, one.place)?.here);
    if (isHere && (origin.startedAt ?? 0) >= this.#since) this.#sayUnclear(agent, path);
    return [];
  }

  #isPackedTwin(path: string): boolean {
    return path.endsWith(".zst") && this.#followed.has(path.slice(0, -".zst".length));
  }

  /** Takes a guess that is the only one for its run; of several none. */
  #settleGuesses(guesses: readonly Guess[]): void {
    for (const { agent, path, origin, run } of guesses) {
      if (this.#followed.has(path)) continue;
      const rivals = guesses.filter((other) => other.run === run && other.path !== path);
      this.#search.settle(path);
      if (rivals.length > 0) this.#sayUnclear(agent, path);
      else if (run.conversation === undefined) {
        run.conversation = origin.session;
        this.#add(agent, path, origin, false);
      }
    }
  }

  #sayUnclear(agent: LineAgent, path: string): void {
    this.#news.says(
      "failed",
      `${path} is a transcript of ${agent.name} from the same folder and time, and it can't be told whose: it is left out`,
    );
  }

  async #children(parent: Followed): Promise<void> {
    const folder = parent.agent.children(parent.path, parent.origin);
    if (folder === undefined) return;
    for (const path of await this.#search.list(parent.agent, folder, false)) {
      this.#add(parent.agent, path, undefined, true);
    }
  }

  #add(agent: LineAgent, path: string, origin: Origin | undefined, proven: boolean): void {
    this.#search.settle(path);
    const had = this.#followed.get(path);
    if (had !== undefined) {
      this.#followed.set(path, { ...had, proven: had.proven || proven });
      return;
    }
    const read = agent.reader();
    const follower = follow(path, (record) => this.#news.told(read(record)));
    this.#followed.set(path, { agent, path, follower, origin, proven });
    this.#news.says("on", `the transcript of ${agent.name} is followed: ${path}`);
  }
}

async function anyOf(pids: readonly number[], holds: (pid: number) => Promise<boolean>): Promise<boolean> {
  for (const pid of pids) if (await holds(pid)) return true;
  return false;
}

const LINE_AGENTS: readonly LineAgent[] = AGENTS.filter((agent) => agent.store === "lines");
