import { close, fstat, fsync, ftruncate, ftruncateSync, open, read, writeSync, writev } from "node:fs";
import { dirname } from "node:path";

/** How far a write came: all the way, or up to an error. */
export interface Written {
  readonly bytes: number;
  readonly error: NodeJS.ErrnoException | undefined;
}

/** System errors that mean "no room": the disk, a quota, or a limit on the size of files. */
export const isNoRoom = (code: string | undefined): boolean =>
  code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";

/** Writes `buffers` one after the other at `position`, in the thread pool. Resolves also when it fails. */
export function writeAll(fd: number, buffers: readonly Uint8Array[], position: number): Promise<Written> {
  return new Promise((resolve) => {
    let done = 0;
    const step = (rest: readonly Uint8Array[]): void => {
      if (rest.length === 0) resolve({ bytes: done, error: undefined });
      else
        writev(fd, rest, position + done, (error, count) => {
          // A write of nothing without an error would go round for ever.
          if (error !== null || count === 0) resolve({ bytes: done, error: error ?? noProgress() });
          else {
            done += count;
            step(skip(rest, count));
          }
        });
    };
    step(buffers.filter((b) => b.length > 0));
  });
}

/** `buffers` without their first `count` bytes. */
function skip(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  let first = 0;
  for (; first < buffers.length; first++) {
    const length = buffers[first]?.length ?? 0;
    if (left < length) break;
    left -= length;
  }
  const rest = buffers.slice(first);
  const head = rest[0];
  if (left > 0 && head !== undefined) rest[0] = head.subarray(left);
  return rest;
}

const noProgress = (): NodeJS.ErrnoException =>
  Object.assign(new Error("the disk took no bytes"), { code: "EIO" });

/** Writes all of `bytes` at `position` before it returns. @throws the system's error */
export function writeAllSync(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = writeSync(fd, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw noProgress();
    done += count;
  }
}

/** Reads up to `into.length` bytes at `position`, in the thread pool. @returns how many there were */
export function readSome(fd: number, into: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, into, 0, into.length, position, (error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** How long a file is, asked in the thread pool; infinite when that can't be told. */
export const lengthOf = (fd: number): Promise<number> =>
  new Promise((resolve) => {
    fstat(fd, (error, stats) => resolve(error === null ? stats.size : Number.POSITIVE_INFINITY));
  });

/** Cuts a file, in the thread pool; what can't be cut stays. */
export const cut = (fd: number, length: number): Promise<void> =>
  new Promise((resolve) => ftruncate(fd, length, () => resolve()));

/** Cuts a file at once; what can't be cut stays. */
export function cutSync(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // The next write goes over what should have been cut.
  }
}

/** Asks the system to bring a file to the disk itself. Resolves also when it does not. */
export const syncFile = (fd: number): Promise<void> => new Promise((resolve) => fsync(fd, () => resolve()));

/** The same for the directory that `path` is in, so that a rename in it lasts. */
export const syncDirectory = (path: string): Promise<void> =>
  new Promise((resolve) => {
    open(dirname(path), "r", (error, fd) => {
      if (error !== null) resolve();
      else fsync(fd, () => close(fd, () => resolve()));
    });
  });
