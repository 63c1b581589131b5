import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, fstatSync, lstat, openSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../core/errors.js";
import { makeDirectories } from "./directories.js";
import { readSome, writeAll } from "./disk.js";

/** What tells one file from another, whatever its name. */
export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** What was found where the recording should be. */
export type Place =
  | { readonly is: "there"; readonly exposed: boolean }
  | { readonly is: "removed" }
  | { readonly is: "altered"; readonly how: "replaced" | "shortened" | "lengthened" };

export function identityOf(fd: number): Identity {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return { dev, ino };
}

/** Whether `path` still leads to the file we write, with `size` bytes. Resolves also for errors. */
export function lookAt(path: string, ours: Identity, size: number): Promise<Place> {
  return new Promise((resolve) => {
    lstat(path, { bigint: true }, (error, stats) => {
      if (error !== null)
        return resolve(isAbsent(error.code) ? { is: "removed" } : { is: "there", exposed: false });
      if (stats.ino !== ours.ino || stats.dev !== ours.dev)
        return resolve({ is: "altered", how: "replaced" });
      if (stats.size < BigInt(size)) return resolve({ is: "altered", how: "shortened" });
      if (stats.size > BigInt(size)) return resolve({ is: "altered", how: "lengthened" });
      resolve({ is: "there", exposed: (stats.mode & 0o077n) !== 0n });
    });
  });
}

const isAbsent = (code: string | undefined): boolean =>
  code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EACCES";

/** A name beside `path` that nobody else uses. */
export const nameBeside = (path: string): string => join(dirname(path), `.${randomBytes(8).toString("hex")}`);

/** A new file beside `path` that no name leads to: only our descriptor holds it. @throws the system's error */
export function openNameless(path: string): number {
  const name = nameBeside(path);
  const fd = openSync(name, "wx+", 0o600);
  try {
    unlinkSync(name);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

const CHUNK = 1024 * 1024;

/**
 * Writes a new file with the first `size()` bytes of `source` and puts it in the place of `path`, making the
 * directories that are missing. `size` is asked again while the copy goes on, and the file is in place when this
 * resolves. @returns the new file's descriptor @throws the system's error; then nothing is left behind
 */
export async function putBack(path: string, source: number, size: () => number): Promise<number> {
  const { fd, name } = openBeside(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    for (let done = 0; done < size(); ) {
      const count = await readSome(source, buffer.subarray(0, Math.min(CHUNK, size() - done)), done);
      if (count === 0)
        throw Object.assign(new Error("the copy is shorter than the recording"), { code: "EIO" });
      const { error } = await writeAll(fd, [buffer.subarray(0, count)], done);
      if (error !== undefined) throw error;
      done += count;
    }
    moveInto(name, path);
    return fd;
  } catch (error) {
    closeSync(fd);
    rmSync(name, { force: true });
    throw error;
  }
}

function openBeside(path: string): { fd: number; name: string } {
  const name = nameBeside(path);
  const open = (): number => {
    makeDirectories(dirname(path));
    return openSync(name, "wx+", 0o600);
  };
  try {
    return { fd: open(), name };
  } catch (error) {
    // Our own directory may have been made unwritable.
    if (systemCode(error) !== "EACCES") throw error;
    chmodSync(dirname(path), 0o700);
    return { fd: open(), name };
  }
}

/** Renames over whatever is there; a directory of that name is moved aside first. */
function moveInto(name: string, path: string): void {
  try {
    renameSync(name, path);
  } catch (error) {
    const code = systemCode(error);
    if (code !== "EISDIR" && code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    renameSync(path, `${path}.${randomBytes(4).toString("hex")}`);
    renameSync(name, path);
  }
}

/** Whether two files hold the same first `size` bytes. `progress` is called now and then. @throws the system's error */
export async function sameBytes(a: number, b: number, size: number, progress: () => void): Promise<boolean> {
  const left = Buffer.allocUnsafeSlow(CHUNK);
  const right = Buffer.allocUnsafeSlow(CHUNK);
  for (let at = 0; at < size; ) {
    progress();
    const length = Math.min(CHUNK, size - at);
    const counts = await Promise.all([
      readSome(a, left.subarray(0, length), at),
      readSome(b, right.subarray(0, length), at),
    ]);
    if (counts[0] !== counts[1] || counts[0] === 0) return false;
    if (!left.subarray(0, counts[0]).equals(right.subarray(0, counts[0]))) return false;
    at += counts[0];
  }
  return true;
}
