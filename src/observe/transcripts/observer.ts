import { messageOf } from "../../core/errors.js";
import type { CoverageFact, ToolFact } from "../../core/observation.js";
import type { DatabaseReader } from "./agent.js";
import { Databases } from "./databases.js";
import { Files } from "./files.js";
import { type Executed, Runs } from "./runs.js";
import type { Told } from "./told.js";

/** How often it is looked: while there is news, while there is none, and for what is seldom (milliseconds). */
const BUSY = 200;
const IDLE = 1000;
const THOROUGH = 10_000;
/** So long after the last news it counts as quiet. */
const CALM = 5000;
/** How many facts are kept in mind, to tell one that stands in two transcripts once. */
const MOST_TOLD = 200_000;

export interface TranscriptOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The environment of the session: it decides where agents keep things. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Before the command was started, in milliseconds since 1970: nothing that is older is told. */
  readonly startedAt: number;
  /**
   * A process under which all those of the session are, and no other session's: bodycam's own. On Linux it tells the
   * session's transcripts from those of an agent beside it.
   */
  readonly ancestor?: number | undefined;
  /** `at`: when the agent says that it was, in milliseconds since 1970. */
  readonly onFact: (fact: ToolFact, at: number | undefined) => void;
  readonly onCoverage: (fact: CoverageFact) => void;
  /** Opens an SQLite database for reading only; throws when it can't. Without it opencode is not seen. */
  readonly openDatabase?: ((path: string) => DatabaseReader) | undefined;
}

/** A transcript that was followed. */
export interface Transcript {
  readonly agent: string;
  readonly path: string;
  /** For a database, which holds other people's too: the conversations that are the session's. */
  readonly conversations?: readonly string[];
}

/**
 * Finds the transcripts of the agents that a session runs, follows them while they are written, and tells each call and
 * each result once. Looks at the file system a few times a second and never throws.
 *
 * Whose a transcript is: one that a process of the session writes (`opened`, `executed`) or that belongs to one of
 * these as a subagent is the session's. For want of such evidence, a run of an agent gets the one transcript that says
 * the run's working directory and began after it; of several that could be it, none is taken, and that is said.
 */
export class TranscriptObserver {
  readonly #options: TranscriptOptions;
  readonly #runs: Runs;
  readonly #files: Files;
  readonly #databases: Databases;
  readonly #told = new Set<string>();
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped: Promise<readonly Transcript[]> | undefined;
  #lastNews = 0;
  #lastThorough = 0;
  #lastSearch = 0;

  private constructor(options: TranscriptOptions) {
    this.#options = options;
    const { command, cwd, env, startedAt } = options;
    this.#runs = new Runs(command, cwd, env, startedAt, options.ancestor);
    const news = {
      told: (told: readonly Told[]) => this.#tell(told),
      says: (state: CoverageFact["state"], detail: string) => this.#say(state, detail),
    };
    this.#files = new Files(this.#runs, startedAt, news);
    this.#databases = new Databases(this.#runs, startedAt, options.openDatabase, news);
  }

  /** Begins to look. The observer holds no process open: a program that has nothing else to do ends. */
  static start(options: TranscriptOptions): TranscriptObserver {
    const observer = new TranscriptObserver(options);
    observer.#lastNews = Date.now();
    observer.#schedule(0);
    return observer;
  }

  /**
   * Says that a process of the session has opened this file to write to it. Opening to read says nothing: agents read
   * the transcripts of other sessions too.
   */
  opened(path: string): void {
    this.#files.opened(path);
  }

  /** Says that a process of the session has become this program. Say all of them or none. */
  executed(program: Executed): void {
    this.#runs.executed(program, Date.now());
  }

  /** Reads what is left, and gives the transcripts that were followed. A second call gives the same. */
  stop(): Promise<readonly Transcript[]> {
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  async #finish(): Promise<readonly Transcript[]> {
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#guarded(() => this.#look(true, true));
    await this.#guarded(() => this.#files.finish());
    this.#databases.close();
    const transcripts = [...(await this.#files.transcripts()), ...this.#databases.transcripts];
    if (transcripts.length === 0) this.#sayMissing();
    else this.#say("off", "the session has ended");
    return transcripts;
  }

  #sayMissing(): void {
    const agents = [...new Set(this.#runs.all.map((run) => run.agent.name))].join(", ");
    const detail =
      agents === ""
        ? "no agent whose transcript is understood was run: what was meant is known from the screen only"
        : `no transcript was found (looked for: ${agents}): what the agent says that it did is not known`;
    this.#say(agents === "" ? "off" : "failed", detail);
  }

  #schedule(wait: number): void {
    this.#timer = setTimeout(() => {
      const now = Date.now();
      const search = now - this.#lastNews <= CALM || now - this.#lastSearch >= IDLE;
      const thorough = now - this.#lastThorough >= THOROUGH;
      this.#looking = this.#guarded(() => this.#look(search, thorough)).then(() => {
        if (this.#stopped !== undefined) return;
        this.#schedule(Date.now() - this.#lastNews > CALM ? IDLE : BUSY);
      });
    }, wait);
    this.#timer.unref();
  }

  async #look(search: boolean, thorough: boolean): Promise<void> {
    if (search) {
      const began = Date.now();
      await this.#files.search(thorough);
      this.#lastSearch = began;
      // A search that takes long is made less often, so that it never takes more than a twentieth of the time.
      if (thorough) this.#lastThorough = Date.now() + 20 * (Date.now() - began);
    }
    await this.#files.poll();
    await this.#databases.poll(thorough);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#say("failed", `the transcripts could not be read: ${messageOf(error)}`);
    }
  }

  #tell(all: readonly Told[]): void {
    for (const { at, fact } of all) {
      if (at !== undefined && at < this.#options.startedAt) continue;
      const key = `${fact.agent} ${fact.what} ${at} ${fact.call}`;
      if (this.#told.has(key)) continue;
      if (this.#told.size < MOST_TOLD) this.#told.add(key);
      this.#lastNews = Date.now();
      this.#options.onFact(fact, at);
    }
  }

  #say(state: CoverageFact["state"], detail: string): void {
    if (this.#said.has(detail)) return;
    this.#said.add(detail);
    this.#options.onCoverage({ source: "transcript", state, detail });
  }
}
