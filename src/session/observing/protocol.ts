import type { ObserveMode, Prepared } from "../../observe/processes/tracing.js";

/** What the observing thread is told of the session before the agent starts. */
export interface ObservingStart {
  readonly mode: ObserveMode;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The variable that every process of the session inherits. */
  readonly mark: { readonly name: string; readonly value: string };
  readonly home: string;
  readonly bodycamHome: string;
  /** Directories that may hold a `sensitive-files.json`. */
  readonly detectors: readonly string[];
}

/** What the camera tells the observing thread. */
export type ToObserving =
  /** What is observed. Answered by `ready` when the sensitive files are watched. */
  | { readonly type: "begin"; readonly start: ObservingStart }
  /** What was found out about strace. */
  | { readonly type: "prepared"; readonly prepared: Prepared }
  /** The agent runs as process `pid`; the session began at `startedAt` (microseconds since 1970). */
  | { readonly type: "started"; readonly pid: number; readonly startedAt: number }
  /** The agent has ended. Answered by `stopped`. */
  | { readonly type: "stop" }
  /** The camera has taken a batch that asked for it. */
  | { readonly type: "taken" };

/** Frames for the recording, one payload behind the other. */
export interface FrameBatch {
  readonly codes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly bytes: Uint8Array;
}

/** What the observing thread tells the camera. */
export type FromObserving =
  | { readonly type: "ready" }
  | { readonly type: "frames"; readonly batch: FrameBatch; readonly asks: boolean }
  /** Something that the person should hear of at once, in words; the recording has it already. */
  | { readonly type: "trouble"; readonly detail: string }
  | { readonly type: "stopped" };
