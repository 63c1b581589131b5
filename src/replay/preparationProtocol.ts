import type { Activity } from "./activity.js";
import type { PackedFrame } from "./keyframes.js";

/** What the thread that prepares a replay is started with. */
export interface PreparationStart {
  readonly recording: string;
  /** Where the cache of screens is, or will be. */
  readonly cache: string | undefined;
}

/** What that thread tells. */
export type FromPreparation =
  | { readonly type: "read"; readonly activity: Activity }
  /** Screens that no cache had, and how much of the output is done, from 0 to 1. */
  | { readonly type: "frames"; readonly frames: readonly PackedFrame[]; readonly done: number }
  /** What the cache says is not what the recording says. */
  | { readonly type: "stale" }
  | { readonly type: "done" }
  | { readonly type: "trouble"; readonly message: string };
