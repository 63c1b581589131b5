import { openForeignDatabase } from "../../catalogue/database.js";
import { type CopiedPiece, copyOf } from "../../observe/transcripts/copy.js";
import { TranscriptObserver } from "../../observe/transcripts/observer.js";

export type { CopiedPiece, TranscriptObserver };

type Options = Parameters<typeof TranscriptObserver.start>[0];
type Transcript = Parameters<typeof copyOf>[0];

/** Follows the transcripts that the agent writes. */
export const followTranscripts = (options: Omit<Options, "openDatabase">): TranscriptObserver =>
  TranscriptObserver.start({ ...options, openDatabase: openForeignDatabase });

/** A transcript, piece by piece. */
export const piecesOf = (transcript: Transcript): AsyncIterable<CopiedPiece> =>
  copyOf(transcript, openForeignDatabase);
