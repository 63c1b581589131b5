import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { BodycamError, messageOf, systemCode } from "../core/errors.js";
import type { Review, ReviewDraft } from "../core/review.js";
import type { SessionId } from "../core/units.js";
import { GENESIS, hashOf, lineOf } from "./entry.js";
import { EMPTY_LOG, type ReviewLog, readLog } from "./readLog.js";

/** More than a session's reviewers can say; what is larger is no review log. */
const LARGEST = 16 * 1024 * 1024;

const NEVER_LINKS = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The reviews of a session; none when nobody has said anything yet. Never throws: what is wrong is in `problems`. */
export function readReviews(path: string, session: SessionId): ReviewLog {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | NEVER_LINKS);
  } catch (error) {
    return systemCode(error) === "ENOENT" ? EMPTY_LOG : notALog(messageOf(error));
  }
  try {
    return readLog(contentOf(fd), session);
  } catch (error) {
    return notALog(messageOf(error));
  } finally {
    closeSync(fd);
  }
}

const notALog = (detail: string): ReviewLog => ({ reviews: [], problems: [{ what: "not-a-log", detail }] });

/**
 * Writes one more entry at the end of a session's log and on to the disk; makes the log (0600) when it is the first.
 * Nothing that stands in it is ever changed: the remains of a crash stay as they are, and the new entry says how many
 * bytes they are. To be called by one process at a time, since an entry names the one before it.
 * @throws BodycamError `io` when it can't be written, or when something else lies there
 */
export function appendReview(path: string, draft: ReviewDraft): Review {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | NEVER_LINKS, 0o600);
    const { reviews, problems } = readLog(contentOf(fd), draft.session);
    const torn = problems.reduce((bytes, problem) => (problem.what === "torn" ? problem.bytes : bytes), 0);
    const last = reviews.at(-1);
    const number = (last?.number ?? 0) + 1;
    const line = lineOf(draft, number, last?.hash ?? GENESIS, torn);
    // One write: a crash leaves either all of it or an unfinished line.
    const bytes = Buffer.from(`${torn > 0 ? "\n" : ""}${line}\n`);
    const written = writeSync(fd, bytes);
    if (written < bytes.length) throw new Error("only a part of it could be written: is the disk full?");
    fsyncSync(fd);
    if (last === undefined) keepDirectory(dirname(path));
    return { ...draft, number, hash: hashOf(line) };
  } catch (cause) {
    throw new BodycamError("io", `The review could not be written to ${path} (${messageOf(cause)}).`, {
      hint: "Check that the directory is yours and that the disk is not full.",
      cause,
    });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function contentOf(fd: number): Uint8Array {
  const stat = fstatSync(fd);
  if (!stat.isFile()) throw new Error("it is no file");
  if (stat.size > LARGEST) throw new Error("it is too large to be a review log");
  const bytes = new Uint8Array(stat.size);
  let read = 0;
  while (read < bytes.length) {
    const count = readSync(fd, bytes, read, bytes.length - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** A new file survives a power cut only when its directory is on the disk, too. */
function keepDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
