import type { OpenFile } from "../recording/openFile.js";
import type { EntryFault } from "./zip/entryFault.js";

/** A file of a container that is open as one can seek in it. */
export interface SeekableFile {
  readonly file: OpenFile;
  close(): void;
}

/**
 * What a bundle comes in: a zip, or a directory that one was unpacked to. Paths are relative, with slashes, as they
 * stand there. Nothing is ever written.
 */
export interface Container {
  readonly kind: "zip" | "directory";
  /** Size in bytes of each file. */
  readonly files: ReadonlyMap<string, number>;
  readonly faults: readonly EntryFault[];
  /** The bytes of a file. @throws Error when they can't be read, or are not what the zip's checksum says */
  read(path: string): AsyncIterable<Uint8Array>;
  /** The same, to be read anywhere. @throws the system's error */
  open(path: string): Promise<SeekableFile>;
  close(): void;
}

/** Whether a path stays below the place it is taken from, on every system. */
export const staysInside = (path: string): boolean =>
  !/^([/\\~]|[A-Za-z]:)/.test(path) &&
  !/[\0\\]/.test(path) &&
  path.split("/").every((part) => part !== ".." && part !== "." && part !== "");
