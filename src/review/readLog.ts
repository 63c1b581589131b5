import type { Review } from "../core/review.js";
import type { SessionId } from "../core/units.js";
import { entryOf, GENESIS } from "./entry.js";

/** What is wrong with a review log. Lines are counted from 1. */
export type ReviewProblem =
  /** A line that is no entry, and that no later entry calls the remains of a crash. */
  | { readonly what: "unreadable"; readonly line: number }
  /** The entry does not follow the one before it: something in front of it was changed or removed. */
  | { readonly what: "broken-chain"; readonly line: number }
  | { readonly what: "other-session"; readonly line: number }
  /** The last line was never finished: a crash. What it said is not known, and nothing was changed. */
  | { readonly what: "torn"; readonly bytes: number }
  /** Entries that were there before are not there any more, or are others. */
  | { readonly what: "lost-end"; readonly entries: number }
  /** There is something else where the log should be, or it is too large to be one. */
  | { readonly what: "not-a-log"; readonly detail: string };

/** A session's reviews, oldest first, and all that is wrong with the log that they stand in. */
export interface ReviewLog {
  readonly reviews: readonly Review[];
  readonly problems: readonly ReviewProblem[];
}

export const EMPTY_LOG: ReviewLog = { reviews: [], problems: [] };

const LF = 0x0a;

/** Reads a whole log. Pure; never throws. What can be read is given, with every problem beside it. */
export function readLog(bytes: Uint8Array, session: SessionId): ReviewLog {
  const { lines, rest } = linesOf(bytes);
  const entries = lines.map(entryOf);
  const reviews: Review[] = [];
  const problems: ReviewProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    const line = index + 1;
    // The remains of a crash, as the entry that was written next says; they may even look whole.
    if (entries[index + 1]?.torn === lines[index]?.length) continue;
    if (entry === undefined) {
      problems.push({ what: "unreadable", line });
      continue;
    }
    const last = reviews.at(-1);
    const follows =
      entry.previous === (last?.hash ?? GENESIS) && entry.review.number === (last?.number ?? 0) + 1;
    if (!follows) problems.push({ what: "broken-chain", line });
    if (entry.review.session !== session) problems.push({ what: "other-session", line });
    reviews.push(entry.review);
  }
  if (rest > 0) problems.push({ what: "torn", bytes: rest });
  return { reviews, problems };
}

/** The finished lines of a log, and how many bytes of an unfinished one follow. */
function linesOf(bytes: Uint8Array): { readonly lines: readonly Uint8Array[]; readonly rest: number } {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return { lines, rest: bytes.length - from };
}
