import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { BodycamError, messageOf, systemCode } from "../core/errors.js";

/** A file that is open for reading, and how long it was then. */
export interface OpenFile {
  readonly fd: number;
  readonly size: number;
  /** Where in the file the recording begins, when it is part of a larger one; otherwise 0. */
  readonly from?: number;
}

/**
 * Opens a regular file for reading; never waits for a pipe that has no writer.
 * @throws BodycamError `no-session` when there is none, `not-a-recording` for a directory or device, `io` otherwise
 */
export function openForReading(path: string): OpenFile {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw openError(path, error);
  }
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, size: stats.size };
  closeSync(fd);
  throw new BodycamError("not-a-recording", `${path} is not a file.`, {
    hint: "Give the path of a recording, recording.bodycam.",
  });
}

/** How long an open file is now. */
export const sizeOf = (fd: number): number => fstatSync(fd).size;

/** The first bytes of an open file, up to `length` of them. */
export function readStart(file: OpenFile, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(length, file.size));
  return bytes.subarray(0, readSync(file.fd, bytes, 0, bytes.length, file.from ?? 0));
}

function openError(path: string, error: unknown): BodycamError {
  switch (systemCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new BodycamError("no-session", `There is no file ${path}.`, {
        hint: "Check the path, or see the sessions there are with: bodycam list",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return new BodycamError("io", `You are not allowed to read ${path}.`, {
        hint: "Recordings are readable for their owner only: become that user, or ask for a copy.",
        cause: error,
      });
    default:
      return new BodycamError("io", `${path} can't be read: ${messageOf(error)}.`, {
        hint: "Check the path and the disk it is on.",
        cause: error,
      });
  }
}
