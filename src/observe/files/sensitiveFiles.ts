import { basename, join } from "node:path";
import { BodycamError } from "../../core/errors.js";
import { expandBraces, Known, nameFits, pathFits, walk } from "./globs.js";

/** One kind of sensitive file, as `detectors/sensitive-files.json` lists it. */
export interface SensitiveStore {
  /** What it is to a person, such as "an SSH key". */
  readonly store: string;
  readonly kind: string;
  /** Patterns that begin with `~/`, `./`, `$BODYCAM_HOME/` or `/`. */
  readonly paths: readonly string[];
  /** Names that fit a pattern and are harmless. */
  readonly except: readonly string[];
}

export type SensitiveList = readonly SensitiveStore[];

/** Reads the list. Throws a BodycamError `bad-rule` that names the entry when it is not one. */
export function parseSensitiveList(json: string): SensitiveList {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (cause) {
    throw new BodycamError("bad-rule", "The list of sensitive files is not JSON.", { cause });
  }
  const stores = typeof data === "object" && data !== null && "stores" in data ? data.stores : undefined;
  if (!Array.isArray(stores)) throw bad("has no `stores`");
  return stores.map((entry: Partial<Record<string, unknown>> | null, i) => {
    const { store, kind, paths, except = [] } = entry ?? {};
    if (typeof store !== "string" || typeof kind !== "string") throw bad(`lacks a name in entry ${i}`);
    if (!isTexts(paths) || !isTexts(except)) throw bad(`has no paths for "${store}"`);
    if (!paths.every((path) => /^(~\/|\.\/|\/|\$BODYCAM_HOME\/)/.test(path)))
      throw bad(`has a path for "${store}" that begins nowhere`);
    return { store, kind, paths, except };
  });
}

const bad = (what: string): BodycamError =>
  new BodycamError("bad-rule", `The list of sensitive files ${what}.`);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

export interface Places {
  readonly home: string;
  readonly cwd: string;
  readonly bodycamHome: string;
}

/** A store whose patterns name places of this machine. */
export interface PlacedStore {
  readonly store: string;
  readonly kind: string;
  readonly patterns: readonly string[];
  readonly except: readonly string[];
}

export const placed = (list: SensitiveList, places: Places): readonly PlacedStore[] =>
  list.map(({ store, kind, paths, except }) => ({
    store,
    kind,
    patterns: paths.flatMap(expandBraces).map((path) => absolute(path, places)),
    except: except.flatMap(expandBraces),
  }));

function absolute(path: string, { home, cwd, bodycamHome }: Places): string {
  if (path.startsWith("~/")) return join(home, path.slice(2));
  if (path.startsWith("./")) return join(cwd, path.slice(2));
  return path.replace(/^\$BODYCAM_HOME\//, `${bodycamHome}/`);
}

/** The store that a path belongs to, if any: the first in the list. */
export const storeOf = (path: string, stores: readonly PlacedStore[]): PlacedStore | undefined =>
  stores.find(
    ({ patterns, except }) =>
      !except.some((pattern) => nameFits(basename(path), pattern)) &&
      patterns.some((pattern) => pathFits(path, pattern)),
  );

export interface FoundStores {
  readonly files: ReadonlyMap<string, PlacedStore>;
  /** Where more of them may come into being. */
  readonly folders: ReadonlySet<string>;
  /** Not everything was looked at: the tree is too big. */
  readonly partial: boolean;
}

const BUDGET = 40_000;
const MAX_FILES = 4000;

/** Which of the files there are now. Looks at names only. */
export function findStores(stores: readonly PlacedStore[]): FoundStores {
  const files = new Map<string, PlacedStore>();
  const folders = new Set<string>();
  const known = new Known();
  let partial = false;
  for (const store of stores) {
    for (const pattern of store.patterns) {
      const found = {
        budget: BUDGET,
        known,
        file: (path: string) => {
          if (files.has(path) || store.except.some((except) => nameFits(basename(path), except))) return;
          if (files.size < MAX_FILES) files.set(path, store);
          else partial = true;
        },
        folder: (path: string) => {
          if (folders.size < MAX_FILES) folders.add(path);
          else partial = true;
        },
      };
      walk(pattern, found);
      partial ||= found.budget <= 0;
    }
  }
  return { files, folders, partial };
}
