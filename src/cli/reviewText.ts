import { displayText } from "../core/displayText.js";
import type { Review, Verdict } from "../core/review.js";
import type { ReviewProblem } from "../review/readLog.js";
import type { Painter } from "./terminalText.js";
import { isoText, wallText } from "./units.js";

/** A verdict in its colour; told apart by its word, never by colour alone. */
export function verdictText(verdict: Verdict, paint: Painter): string {
  switch (verdict) {
    case "true":
      return paint.paint(verdict, "bold", "red");
    case "benign":
      return paint.paint(verdict, "green");
    case "unsure":
      return paint.paint(verdict, "yellow");
  }
}

/** What a reviewer said, in one line. */
export function reviewText(review: Review, paint: Painter): string {
  const note = review.note === "" ? "" : `: ${displayText(review.note)}`;
  return `${verdictText(review.verdict, paint)}  ${displayText(review.by, 40)}, ${wallText(review.at)}${note}`;
}

/** What is wrong with a review log, in one sentence. */
export function reviewProblemText(problem: ReviewProblem): string {
  switch (problem.what) {
    case "unreadable":
      return `line ${problem.line} of the review log is no entry`;
    case "broken-chain":
      return `line ${problem.line} of the review log does not follow the one before it: something there was changed or removed`;
    case "other-session":
      return `line ${problem.line} of the review log belongs to another session`;
    case "torn":
      return `the last line of the review log was never finished (${problem.bytes} bytes): bodycam or the machine stopped while it was written`;
    case "lost-end":
      return `the review log lost its end: ${problem.entries} entries were there once`;
    case "not-a-log":
      return `the review log can't be read: ${displayText(problem.detail)}`;
  }
}

/** Whether somebody must have changed the log; a crash leaves no more than an unfinished line. */
export const isTampered = (problems: readonly ReviewProblem[]): boolean =>
  problems.some((problem) => problem.what !== "torn");

/** Tells on stderr what is wrong with a review log. */
export function reportReviewProblems(problems: readonly ReviewProblem[]): void {
  for (const problem of problems) process.stderr.write(`bodycam: ${reviewProblemText(problem)}.\n`);
}

/** What a reviewer said, as `--json` gives it. */
export const reviewJson = (review: Review): Record<string, unknown> => ({
  number: review.number,
  flag: review.flag ?? null,
  verdict: review.verdict,
  note: review.note,
  by: review.by,
  host: review.host,
  time: isoText(review.at),
});
