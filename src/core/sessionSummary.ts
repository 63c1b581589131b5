import { basename } from "node:path";
import type { Claims } from "./claims.js";
import type { CoverageSpan } from "./coverage.js";
import type { Exit, SessionMeta } from "./event.js";
import type { SessionId } from "./units.js";

/**
 * `recording`: its camera is running. `complete`: ended and sealed. `torn`: its camera was killed; everything up to
 * that moment is there.
 */
export type SessionState = "recording" | "complete" | "torn";

/** An agent's own transcript, as far as it was copied into the recording. */
export interface KeptTranscript {
  readonly agent: string;
  readonly path: string;
  readonly conversation?: string;
  readonly bytes: number;
}

/** What the catalogue knows of one session. Everything in it can be read again from the recording. */
export interface SessionSummary {
  readonly id: SessionId;
  /** Wall clock, microseconds since 1970. */
  readonly startedAt: number;
  readonly durationUs: number;
  readonly state: SessionState;
  readonly meta: SessionMeta;
  readonly exit: Exit | undefined;
  readonly outputBytes: number;
  readonly inputBytes: number;
  readonly maskedBytes: number;
  readonly gaps: number;
  readonly notices: number;
  /** Which sources beyond the terminal were on. Not there in entries that an older bodycam made. */
  readonly coverage?: readonly CoverageSpan[];
  /** The agent's transcripts that the recording holds; likewise. */
  readonly transcripts?: readonly KeptTranscript[];
  /** What the agent said that it ran against what the system saw; likewise. */
  readonly claims?: Claims;
}

/** What people call the agent: the name of its program. */
export const agentName = (meta: SessionMeta): string => basename(meta.command[0] ?? "");
