import { Catalogue, type ReviewEnd } from "../catalogue/catalogue.js";
import { type Home, reviewsPath } from "../core/home.js";
import type { Review, ReviewDraft } from "../core/review.js";
import type { SessionId } from "../core/units.js";
import { appendReview, readReviews } from "../review/logFile.js";
import type { ReviewLog } from "../review/readLog.js";

/**
 * What reviewers said of a session. A chain shows what was changed in front of its end, not that the end itself is gone:
 * for that the catalogue remembers how the log ended.
 */
export function reviewsOf(home: Home, catalogue: Catalogue, session: SessionId): ReviewLog {
  // Asked first: what another reviewer writes meanwhile must not look like a loss.
  const [end] = catalogue.reviewEnds(session);
  const log = readReviews(reviewsPath(home, session), session);
  const lost = end === undefined ? 0 : lostEntries(end, log);
  return lost === 0 ? log : { ...log, problems: [...log.problems, { what: "lost-end", entries: lost }] };
}

/** How many entries a log once had that lost its end; 0 when it has it still. */
const lostEntries = (end: ReviewEnd, { reviews }: ReviewLog): number =>
  reviews.some((review) => review.number === end.entries && review.hash === end.hash)
    ? end.lost
    : end.entries;

/** Writes down what a reviewer says; two reviewers at the same time wait for each other. Throws BodycamError `io`. */
export function addReview(home: Home, catalogue: Catalogue, draft: ReviewDraft): Review {
  const { session } = draft;
  return catalogue.alone(() => {
    const path = reviewsPath(home, session);
    const [end] = catalogue.reviewEnds(session);
    const lost = end === undefined ? 0 : lostEntries(end, readReviews(path, session));
    const review = appendReview(path, draft);
    catalogue.putReviewEnd({ session, entries: review.number, hash: review.hash, lost });
    return review;
  });
}

/** Takes what the catalogue remembers of review logs over to the one that is made in its place. */
export function keepReviewEnds(home: Home): (next: Catalogue) => void {
  let ends: readonly ReviewEnd[] = [];
  try {
    const old = new Catalogue(home.catalogue);
    ends = old.reviewEnds();
    old.close();
  } catch {
    // A catalogue that can't be read is why one makes it anew.
  }
  return (next) => {
    for (const end of ends) next.putReviewEnd(end);
  };
}
