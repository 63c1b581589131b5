import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Folders that `**` does not go into: big, and never the place of a secret of the user's own. */
const SKIPPED = new Set([
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  "target",
  "dist",
  "build",
  ".venv",
  "venv",
  ".cache",
]);
const MAX_DEPTH = 4;
const MAX_EXPANSIONS = 4096;

/** `a{b,c}` → `ab`, `ac`; braces may be nested. */
export function expandBraces(pattern: string): readonly string[] {
  const open = pattern.indexOf("{");
  if (open < 0) return [pattern];
  const parts: string[] = [];
  let level = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const c = pattern[at];
    if (c === "{") level++;
    else if (c === "}") level--;
    if ((c === "," && level === 1) || (c === "}" && level === 0)) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    }
    if (c === "}" && level === 0) {
      const [before, after] = [pattern.slice(0, open), pattern.slice(at + 1)];
      return parts.flatMap((part) => expandBraces(before + part + after)).slice(0, MAX_EXPANSIONS);
    }
  }
  return [pattern];
}

/** Whether a name fits a pattern of one level, in which `*` stands for any characters. */
export function nameFits(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() as string;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

export interface Walk {
  /** Called for every file found. */
  readonly file: (path: string) => void;
  /** Called for every folder in which a file would fit if it came into being. */
  readonly folder: (path: string) => void;
  /** How many names may still be looked at. */
  budget: number;
  /** What was looked at before. */
  readonly known: Known;
}

/** Many patterns lead through the same folders, most of which are not there: each is looked at once. */
export class Known {
  readonly lists = new Map<string, readonly Entry[]>();
  readonly kinds = new Map<string, "file" | "directory" | undefined>();
}

/** A name in a folder. */
interface Entry {
  readonly name: string;
  readonly directory: boolean;
}

/** Finds what fits an absolute pattern. Cheap where the first folders are not there. Never throws. */
export function walk(pattern: string, found: Walk): void {
  step("/", pattern.split("/").filter(Boolean), 0, found, 0);
}

function step(base: string, segments: readonly string[], at: number, found: Walk, depth: number): void {
  if (found.budget <= 0) return;
  const segment = segments[at];
  if (segment === undefined) return;
  const last = at === segments.length - 1;
  if (segment === "**") {
    step(base, segments, at + 1, found, depth);
    if (depth >= MAX_DEPTH) return;
    for (const { name, directory } of list(base, found))
      if (directory && !SKIPPED.has(name)) step(join(base, name), segments, at, found, depth + 1);
    return;
  }
  if (!segment.includes("*")) {
    const path = join(base, segment);
    found.budget--;
    const kind = kindOf(path, found);
    if (last) {
      if (isFolder(base, found)) found.folder(base);
      if (kind === "file") found.file(path);
    } else if (kind === "directory") {
      step(path, segments, at + 1, found, depth);
    }
    return;
  }
  if (last && isFolder(base, found)) found.folder(base);
  for (const { name, directory } of list(base, found)) {
    if (!nameFits(name, segment)) continue;
    const path = join(base, name);
    if (last) {
      if (!directory) found.file(path);
    } else if (directory) {
      step(path, segments, at + 1, found, depth);
    }
  }
}

function list(folder: string, found: Walk): readonly Entry[] {
  const known = found.known.lists.get(folder);
  const entries = known ?? entriesOf(folder);
  if (known === undefined) found.known.lists.set(folder, entries);
  found.budget -= entries.length;
  return entries;
}

function entriesOf(folder: string): readonly Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      directory: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}

const isFolder = (path: string, found: Walk): boolean => kindOf(path, found) === "directory";

function kindOf(path: string, { known }: Walk): "file" | "directory" | undefined {
  if (!known.kinds.has(path)) known.kinds.set(path, lookAt(path));
  return known.kinds.get(path);
}

function lookAt(path: string): "file" | "directory" | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    // A link to a secret is watched as what it points to.
    return stat.isDirectory() ? "directory" : "file";
  } catch {
    return undefined;
  }
}

/** Whether an absolute path fits an absolute pattern without braces. */
export function pathFits(path: string, pattern: string): boolean {
  const names = path.split("/").filter(Boolean);
  const segments = pattern.split("/").filter(Boolean);
  const fits = (n: number, s: number): boolean => {
    if (s === segments.length) return n === names.length;
    const segment = segments[s] as string;
    if (segment === "**") {
      for (let skip = n; skip <= Math.min(names.length, n + MAX_DEPTH); skip++)
        if (fits(skip, s + 1)) return true;
      return false;
    }
    return n < names.length && nameFits(names[n] as string, segment) && fits(n + 1, s + 1);
  };
  return fits(0, 0);
}
