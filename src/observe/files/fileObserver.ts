import { lstatSync } from "node:fs";
import { setImmediate as immediate, setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../core/errors.js";
import type { CoverageFact, FileFact } from "../../core/observation.js";
import { nowMicros } from "../processes/processTable.js";
import { realPath } from "../processes/procfs.js";
import type { TouchedFile } from "../processes/straceParser.js";
import { Inotify, type InotifyEvent } from "./inotify.js";
import { type FileIdentity, holderOf, holds, identityOf, namerOf, type SessionProcesses } from "./readers.js";
import { findStores, type PlacedStore, placed, type SensitiveList, storeOf } from "./sensitiveFiles.js";

export interface FileObserverOptions {
  readonly home: string;
  readonly cwd: string;
  readonly bodycamHome: string;
  readonly list: SensitiveList;
  readonly processes: SessionProcesses & {
    describe(
      pid: number,
    ): { readonly pid: number; readonly image: string; readonly command: string } | undefined;
  };
  /** `at`: microseconds since 1970. */
  readonly onFact: (fact: FileFact, at: number) => void;
  readonly onCoverage: (fact: CoverageFact) => void;
}

type What = FileFact["what"];

interface Watched {
  readonly path: string;
  readonly store: PlacedStore;
  identity: (FileIdentity & { readonly links: number }) | undefined;
}

/** An event whose doer is looked for. */
interface Open {
  what: What;
  readonly watched: Watched;
  readonly at: number;
  look: number;
}

const FILE_EVENTS = ["open", "access", "close_write", "attrib", "move_self", "delete_self"];
const FOLDER_EVENTS = ["create", "moved_to"];
/** When the doer is looked for, in milliseconds after the event. Then it is told, with or without one. */
const LOOKS = [0, 3, 8, 16, 30] as const;
/**
 * How long after the doer is found it is told: the line that says which program it has just become may be on its way,
 * and the reading that follows the opening belongs to the same act.
 */
const SETTLE_MS = 10;
/** How many events may be looked into at once. A flood by a browser beside the agent is thinned. */
const MAX_OPEN = 64;
/** Nobody's acts on one file are told this often at most. */
const NOBODY_EVERY_MICROS = 10_000_000;
const REWATCH_MS = 20;
const MAX_WATCHERS = 12;
/** How long the end waits for watches that are only being set up. */
const PROJECT_MS = 500;
const STRENGTH: readonly What[] = ["open", "read", "link", "write", "move", "delete"];

/**
 * Watches the sensitive files of the list and says which process of the session touched one. Nothing here throws.
 *
 * inotify tells that a file was opened, not by whom. The doer is found by looking for the file among the descriptors
 * of the session's processes; by a system call that names it (`touched`); or, for what is gone already, by a process
 * that ran just then and names the file. Else `by` is undefined: somebody beside the session may have done it.
 */
export class FileObserver {
  readonly #options: FileObserverOptions;
  #stores: readonly PlacedStore[] = [];
  readonly #watched = new Map<string, Watched>();
  readonly #watchers: Inotify[] = [];
  readonly #open = new Map<string, Open>();
  readonly #nobody = new Map<string, number>();
  /** Who did it last, by path: several events of one act are one fact. */
  readonly #told = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #newFolders = new Set<string>();
  #rewatch: NodeJS.Timeout | undefined;
  #stopped = false;
  #on = false;
  #partial = false;
  #project: Promise<void> = Promise.resolve();

  constructor(options: FileObserverOptions) {
    this.#options = options;
  }

  /**
   * Begins. Resolves when the watches outside the project stand, or it is known that there will be none: the agent's
   * start waits for that. Those in the project follow: it may be large, and is no place for a browser's cookies. Never
   * rejects.
   */
  async start(): Promise<void> {
    const { home, cwd, bodycamHome, list, onCoverage } = this.#options;
    if (process.platform !== "linux") {
      onCoverage({ source: "inotify", state: "failed", detail: NO_INOTIFY });
      return;
    }
    try {
      const project = realPath(cwd);
      const places = { home: realPath(home), cwd: project, bodycamHome: realPath(bodycamHome) };
      this.#stores = placed(list, places);
      const inside = (pattern: string): boolean => pattern.startsWith(`${project}/**`);
      const watched = await this.#watchStores((pattern) => !inside(pattern));
      this.#project = immediate().then(() => this.#watchProject(inside, watched));
    } catch (error) {
      this.#notWatched(error);
    }
  }

  async #watchProject(inside: (pattern: string) => boolean, before: boolean): Promise<void> {
    try {
      const watched = !this.#stopped && (await this.#watchStores(inside)) && before;
      if (!watched || this.#stopped) return;
      this.#on = true;
      const detail = onWords(this.#watched.size, this.#partial);
      this.#options.onCoverage({ source: "inotify", state: "on", detail });
    } catch (error) {
      this.#notWatched(error);
    }
  }

  /** Watches what fits some of the patterns. True when the watches stand. */
  async #watchStores(wanted: (pattern: string) => boolean): Promise<boolean> {
    const stores = this.#stores.map((store) => ({ ...store, patterns: store.patterns.filter(wanted) }));
    const found = findStores(stores);
    this.#partial ||= found.partial;
    const fresh = [...found.files].filter(([path]) => !this.#watched.has(path));
    for (const [path, store] of fresh) this.#add(path, store);
    const paths = fresh.map(([path]) => path);
    const folders = this.#watch(found.folders, FOLDER_EVENTS, (event) => this.#folderEvent(event));
    const files = this.#watch(paths, FILE_EVENTS, (event) => this.#fileEvent(event));
    const [watching] = await Promise.all([files, folders]);
    return watching;
  }

  #notWatched(error: unknown): void {
    const detail = `Sensitive files are not watched: ${messageOf(error)}`;
    this.#options.onCoverage({ source: "inotify", state: "failed", detail });
  }

  /** A process of the session surely opened or read a file (told by a system call). */
  touched(file: TouchedFile, at: number): void {
    if (this.#stopped) return;
    const watched = this.#watched.get(file.path) ?? this.#byIdentity(file.path) ?? this.#byList(file.path);
    if (watched === undefined) return;
    this.#open.delete(watched.path);
    this.#tell(file.access, watched, at, file.pid);
  }

  /** Ends; events that are being looked into are told as they are. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    // What a short session saw is worth as much as what a long one did: so its coverage is complete.
    await Promise.race([this.#project, pause(PROJECT_MS, undefined, { ref: false })]);
    for (const open of [...this.#open.values()]) this.#decide(open, true);
    this.#stopped = true;
    clearTimeout(this.#rewatch);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const watcher of this.#watchers) watcher.stop();
    if (this.#on)
      this.#options.onCoverage({ source: "inotify", state: "off", detail: "The session has ended." });
  }

  #add(path: string, store: PlacedStore): Watched {
    const watched = { path, store, identity: identityOf(path) };
    this.#watched.set(path, watched);
    return watched;
  }

  /** True when the watches stand. */
  #watch(paths: Iterable<string>, events: readonly string[], event: (event: InotifyEvent) => void) {
    const all = [...paths];
    if (all.length === 0 || this.#watchers.length >= MAX_WATCHERS) return Promise.resolve(all.length === 0);
    return new Promise<boolean>((resolve) => {
      const watcher = new Inotify(all, events, {
        event,
        ready: () => resolve(true),
        failed: (why, detail) => {
          this.#watchers.splice(this.#watchers.indexOf(watcher), 1);
          resolve(false);
          // When every watched file is gone there is nothing left to watch, and inotifywait ends.
          if (why === "ended" && all.every((path) => !exists(path))) return;
          this.#on = false;
          this.#options.onCoverage({ source: "inotify", state: "failed", detail: failedWords(why, detail) });
        },
      });
      this.#watchers.push(watcher);
    });
  }

  #fileEvent({ kinds, path }: InotifyEvent): void {
    const watched = this.#watched.get(path);
    if (watched === undefined || this.#stopped) return;
    const what = this.#whatOf(kinds, watched);
    if (what === undefined) return;
    const open = this.#open.get(path);
    if (open !== undefined) {
      if (STRENGTH.indexOf(what) > STRENGTH.indexOf(open.what)) open.what = what;
      return;
    }
    if (this.#open.size >= MAX_OPEN) return;
    const fresh: Open = { what, watched, at: nowMicros(), look: 0 };
    this.#open.set(path, fresh);
    this.#decide(fresh, false);
  }

  #whatOf(kinds: readonly string[], watched: Watched): What | undefined {
    if (kinds.includes("OPEN")) return "open";
    if (kinds.includes("ACCESS")) return "read";
    if (kinds.includes("CLOSE_WRITE")) return "write";
    if (kinds.includes("MOVE_SELF")) return "move";
    if (kinds.includes("DELETE_SELF")) return "delete";
    if (!kinds.includes("ATTRIB")) return undefined;
    const before = watched.identity;
    const now = identityOf(watched.path);
    if (now === undefined) return undefined;
    watched.identity = now;
    return before !== undefined && now.ino === before.ino && now.links > before.links ? "link" : undefined;
  }

  /** Looks for the doer; tells when it is found or when it is time. */
  #decide(open: Open, last: boolean): void {
    const { watched, at } = open;
    if (this.#open.get(watched.path) !== open) return;
    const file = watched.identity;
    const { processes, home } = this.#options;
    const final = last || open.look >= LOOKS.length - 1;
    let pid = file === undefined ? undefined : holderOf(file, processes);
    if (pid === undefined && final && file !== undefined) {
      const opened = open.what === "open" || open.what === "read" || open.what === "write";
      pid = namerOf({ path: watched.path, file, at, opened }, realPath(home), processes);
    }
    if (final) {
      this.#open.delete(watched.path);
      this.#tell(open.what, watched, at, pid);
    } else if (pid !== undefined) {
      const holder = pid;
      this.#later(SETTLE_MS, () => {
        if (this.#open.get(watched.path) !== open) return;
        this.#open.delete(watched.path);
        this.#tell(open.what, watched, at, holder);
      });
    } else {
      const wait = (LOOKS[open.look + 1] as number) - (LOOKS[open.look] as number);
      open.look++;
      this.#later(wait, () => this.#decide(open, false));
    }
  }

  #later(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  #tell(what: What, watched: Watched, at: number, pid: number | undefined): void {
    const { path, store } = watched;
    if (pid === undefined) {
      // bodycam itself works with its own files.
      if (store.kind === "bodycam" && what !== "delete" && what !== "move") return;
      if (watched.identity !== undefined && holds(process.pid, watched.identity)) return;
      const key = `${what} ${path}`;
      if (at - (this.#nobody.get(key) ?? Number.NEGATIVE_INFINITY) < NOBODY_EVERY_MICROS) return;
      // What follows an act whose doer is known is a part of it: its reading, or its closing.
      if (at - (this.#told.get(path) ?? Number.NEGATIVE_INFINITY) < 1_000_000 && what !== "delete") return;
      this.#nobody.set(key, at);
    } else {
      const key = `${what} ${pid} ${path}`;
      const before = this.#told.get(key);
      this.#told.set(path, at);
      if (before !== undefined && at - before < 1_000_000) return;
      this.#told.set(key, at);
      if (this.#told.size > 10_000) this.#told.clear();
    }
    const by = pid === undefined ? undefined : this.#options.processes.describe(pid);
    this.#options.onFact({ what, path, store: store.store, by }, at);
  }

  #byIdentity(path: string): Watched | undefined {
    const identity = identityOf(path);
    if (identity === undefined || identity.links < 2) return undefined;
    for (const watched of this.#watched.values())
      if (watched.identity?.ino === identity.ino && watched.identity.dev === identity.dev) return watched;
    return undefined;
  }

  #byList(path: string): Watched | undefined {
    const store = storeOf(path, this.#stores);
    return store === undefined ? undefined : { path, store, identity: identityOf(path) };
  }

  /** A file came into being, or was put in the place of a watched one. */
  #folderEvent({ kinds, path }: InotifyEvent): void {
    if (this.#stopped || kinds.includes("ISDIR")) return;
    const store = storeOf(path, this.#stores);
    if (store === undefined) return;
    this.#add(path, store);
    this.#newFolders.add(path);
    this.#rewatch ??= setTimeout(() => {
      this.#rewatch = undefined;
      const paths = [...this.#newFolders];
      this.#newFolders.clear();
      if (!this.#stopped) void this.#watch(paths, FILE_EVENTS, (event) => this.#fileEvent(event));
    }, REWATCH_MS).unref();
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

const NO_INOTIFY =
  "This system has no inotify, so that the opening of sensitive files is not seen; commands that name one are.";

const onWords = (files: number, partial: boolean): string =>
  `${files} sensitive ${files === 1 ? "file is" : "files are"} watched. ${partial ? "The folders are too big to look through: some were left out. " : ""}Not seen: who opened one, when the process had closed it within a millisecond and names it nowhere; mapped memory.`;

function failedWords(why: "missing" | "limit" | "ended", detail: string): string {
  switch (why) {
    case "missing":
      return "inotifywait is not installed, so that the opening of sensitive files is not seen. Install inotify-tools (Debian, Ubuntu: `apt install inotify-tools`).";
    case "limit":
      return "Sensitive files are not all watched: the system's limit on watches is reached (sysctl fs.inotify.max_user_watches).";
    case "ended":
      return `The watch on sensitive files has ended${detail === "" ? "" : ` (${detail})`}: the opening of them is no longer seen.`;
    default:
      return why satisfies never;
  }
}
