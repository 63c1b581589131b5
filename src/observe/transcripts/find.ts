import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Folder, LineAgent, Place } from "./agent.js";
import { JsonLines } from "./jsonLines.js";
import { parsed } from "./shapes.js";
import { ZstdStream } from "./zst.js";

/** A file's time may lie this far behind the clock (the kernel stamps by ticks), in milliseconds. */
const TICK = 50;
/** So much of a file's beginning is looked at to learn whose it is. */
const HEAD = 512 * 1024;
/** No more names than this are looked at in one folder. */
const MOST_NAMES = 20_000;

/**
 * Lists the transcripts in folders that were written since a time, each as long as it was not settled. Cheap to ask
 * again: a folder that did not change costs one look, unless `thorough` asks for files in it that were written to.
 */
export class Search {
  readonly #since: number;
  readonly #seen = new Map<string, number>();
  readonly #settled = new Set<string>();

  constructor(since: number) {
    this.#since = since - TICK;
  }

  /** What was decided about this path holds: it is not listed again. */
  settle(path: string): void {
    this.#settled.add(path);
  }

  isSettled(path: string): boolean {
    return this.#settled.has(path);
  }

  async list(agent: LineAgent, folder: Folder, thorough: boolean): Promise<readonly string[]> {
    const changed = await changedAt(folder.path);
    if (changed === undefined) return [];
    if (!thorough && folder.depth === 0 && this.#seen.get(folder.path) === changed) return [];
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => []);
    const found: string[] = [];
    let open = false;
    for (const entry of entries.slice(0, MOST_NAMES)) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory() && folder.depth > 0)
        found.push(...(await this.list(agent, { path, depth: folder.depth - 1 }, thorough)));
      else if (entry.isFile() && agent.isTranscript(path) && !this.#settled.has(path)) {
        const isNew = !this.#seen.has(path);
        if (!isNew && !thorough) continue;
        this.#seen.set(path, 0);
        if (await writtenSince(path, this.#since)) {
          found.push(path);
          // Not settled by this look, perhaps because it is still empty: look again.
          this.#seen.delete(path);
          open = true;
        }
      }
    }
    if (open) this.#seen.delete(folder.path);
    else this.#seen.set(folder.path, changed);
    return found;
  }
}

const changedAt = (path: string): Promise<number | undefined> =>
  lstat(path).then(
    (stats) => (stats.isDirectory() ? stats.mtimeMs : undefined),
    () => undefined,
  );

/** Whether a plain file is there and was written at this time or later (milliseconds since 1970). */
export const writtenSince = (path: string, since: number): Promise<boolean> =>
  lstat(path).then(
    (stats) => stats.isFile() && stats.mtimeMs >= since - TICK,
    () => false,
  );

/** What the beginning of a transcript says about whose it is. */
export interface Head {
  /** The record that says it. */
  readonly record: unknown;
  /** Whether it is not said and won't be: more of the file would not help. */
  readonly hopeless: boolean;
}

/** Looks at the beginning of a transcript for the record that says whose it is. */
export async function headOf(agent: LineAgent, path: string, place: Place): Promise<Head> {
  let record: unknown;
  let read = 0;
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  try {
    const bytes = Buffer.alloc(HEAD);
    read = (await file?.read(bytes, 0, HEAD, 0))?.bytesRead ?? 0;
    const lines = new JsonLines((one) => {
      record ??= agent.origin(one, path, place) === undefined ? undefined : one;
    });
    if (path.endsWith(".zst")) unpackHead(bytes.subarray(0, read), lines);
    else if (path.endsWith(".json")) {
      const one = parsed(bytes.toString("utf8", 0, read));
      if (agent.origin(one, path, place) !== undefined) record = one;
    } else lines.push(bytes.subarray(0, read));
  } catch {
    // As good as empty.
  } finally {
    await file?.close().catch(() => undefined);
  }
  return { record, hopeless: record === undefined && read >= HEAD };
}

/** Takes what can be unpacked of a beginning that ends anywhere. */
function unpackHead(bytes: Uint8Array, lines: JsonLines): void {
  let unpacked = 0;
  const stream = new ZstdStream((data) => {
    unpacked += data.length;
    if (unpacked > 8 * HEAD) throw new Error("enough");
    lines.push(data);
  });
  stream.push(Uint8Array.from(bytes), false);
}
