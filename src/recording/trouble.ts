import type { Notice } from "../core/event.js";

/** Something that keeps a recording from being as it should, told once when it begins and once when it is over. */
export interface Trouble {
  readonly what:
    | "disk-full"
    | "write-failed"
    | "recorder-lagging"
    | "recording-removed"
    | "recording-altered"
    | "shadow-dropped";
  /** `shadow-dropped` only begins: the shadow does not come back. */
  readonly phase: "begin" | "end";
  /** The system's error code, or a few words for a reviewer. */
  readonly detail: string;
}

/** How far a recording is on the disk. `fd` holds whole blocks up to `bytes`; read it with positioned reads only. */
export interface Committed {
  readonly fd: number;
  readonly bytes: number;
}

/** What a reviewer must know of a trouble. A failing disk is told by gap frames, if anything is lost to it. */
export function noticeOf({ what, phase }: Trouble): Notice["what"] | undefined {
  if (what === "shadow-dropped") return what;
  if (what !== "recording-removed" && what !== "recording-altered") return undefined;
  return phase === "begin" ? what : "recording-restored";
}
