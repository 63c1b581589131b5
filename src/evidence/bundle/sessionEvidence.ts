import type { SessionEvent } from "../../core/event.js";
import type { Flag } from "../../core/flag.js";
import type { Review } from "../../core/review.js";
import type { SessionSummary } from "../../core/sessionSummary.js";

/** Pieces of a text or of bytes, made while they are read. */
export type Content = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** One session of a case, with what its neighbours make of it. Whatever is a function is called once. */
export interface SessionEvidence {
  readonly summary: SessionSummary;
  /** The path of its sealed recording. */
  readonly recording: string;
  /** What readers see of it: the recording's own events, or those of a redacted one. May be called several times. */
  readonly events: () => Iterable<SessionEvent>;
  readonly flags: readonly Flag[];
  /** The flags as `bodycam flags --json` gives them. */
  readonly flagDocuments: readonly unknown[];
  readonly reviews: readonly Review[];
  /** The session as an asciicast of version 3, with the flags as markers. */
  readonly cast: () => Content;
  /** The same in version 2, for players that know no other: asciinema before 3.0. */
  readonly castV2: () => Content;
  /** The session in plain text. */
  readonly text: () => Content;
  /** More files for the session's folder, by their names: the review log as it is, what was redacted. */
  readonly more: ReadonlyMap<string, () => Content>;
  /** What was taken out of what is shown, in words; empty when nothing was. */
  readonly redacted: readonly string[];
}
