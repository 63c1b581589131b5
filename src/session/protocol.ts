import type { Flag } from "../core/flag.js";
import type { Home } from "../core/home.js";
import type { SessionId } from "../core/units.js";

/** What the watcher is started with. */
export interface WatcherStart {
  readonly home: Home;
  readonly session: SessionId;
  /** Wall clock, microseconds since 1970. */
  readonly startedAt: number;
  readonly detectors: readonly string[];
}

/** What the camera tells the watcher. */
export type ToWatcher =
  /** Whole blocks may be read from `fd` up to `bytes`. */
  | { readonly type: "committed"; readonly fd: number; readonly bytes: number }
  /** The recording is complete at `bytes`; the watcher answers `done` when it has caught up. */
  | { readonly type: "ended"; readonly fd: number; readonly bytes: number };

/** What the watcher tells the camera. */
export type FromWatcher =
  | { readonly type: "flag"; readonly flag: Flag }
  /** How far the watcher has read. */
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "done" }
  /** Something that keeps the watcher from its work; the recording is not affected. */
  | { readonly type: "trouble"; readonly message: string };
