import type { Flag } from "./flag.js";
import type { SessionId } from "./units.js";

/** What a reviewer finds: it happened and matters; it happened and is fine; it can't be said. */
export const VERDICTS = ["true", "benign", "unsure"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const isVerdict = (text: unknown): text is Verdict => VERDICTS.some((verdict) => verdict === text);

/** A sentence of a reviewer is kept up to this many characters. */
export const LONGEST_NOTE = 2_000;

/** What a reviewer says, before it is written down. */
export interface ReviewDraft {
  readonly session: SessionId;
  /** The id of the flag that it is about; undefined: the whole session. */
  readonly flag: string | undefined;
  readonly verdict: Verdict;
  /** In the reviewer's own words; may be empty. */
  readonly note: string;
  readonly by: string;
  readonly host: string;
  /** Wall clock, microseconds since 1970. */
  readonly at: number;
}

/** One entry of a session's review log. */
export interface Review extends ReviewDraft {
  /** Counted from 1. */
  readonly number: number;
  /** The SHA-256 of its line, in hex: what the next entry is chained to. */
  readonly hash: string;
}

/** What reviewers have found so far: the latest word on each flag, and on the session as a whole. */
export interface Standing {
  readonly session: Review | undefined;
  readonly flags: ReadonlyMap<string, Review>;
}

export const EMPTY_STANDING: Standing = { session: undefined, flags: new Map() };

/** The latest word counts, whoever said it; earlier ones stay in the log. */
export function standingOf(reviews: readonly Review[]): Standing {
  let session: Review | undefined;
  const flags = new Map<string, Review>();
  for (const review of reviews) {
    if (review.flag === undefined) session = review;
    else flags.set(review.flag, review);
  }
  return { session, flags };
}

/** Where a session stands with its reviewers, as a list shows it. */
export interface Outcome {
  /** The word on the session; else what the words on its flags come to; undefined while flags are open. */
  readonly verdict: Verdict | undefined;
  /** How many of the flags have been looked at. */
  readonly reviewed: number;
}

/**
 * A word on the session itself stands for it. Without one: one true flag makes it true; when all flags have been looked
 * at, it is unsure if one of them is, else benign.
 */
export function outcomeOf(standing: Standing, flags: readonly Flag[]): Outcome {
  const verdicts = flags.flatMap(({ id }) => standing.flags.get(id)?.verdict ?? []);
  const reviewed = verdicts.length;
  if (standing.session !== undefined) return { verdict: standing.session.verdict, reviewed };
  if (verdicts.includes("true")) return { verdict: "true", reviewed };
  if (reviewed === 0 || reviewed < flags.length) return { verdict: undefined, reviewed };
  return { verdict: verdicts.includes("unsure") ? "unsure" : "benign", reviewed };
}
