import type { SessionMeta, TerminalSize } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { type Micros, micros } from "../core/units.js";
import { EventIndex } from "./eventIndex.js";
import type { EventSource } from "./eventSource.js";
import { IDLE_MICROS, type Idle, PlayTime } from "./idle.js";

/** A session laid out in time: what happened when, without the bytes themselves. */
export interface Timeline {
  readonly index: EventIndex;
  /** How long the session was: the time of its last event. */
  readonly duration: Micros;
  readonly meta: SessionMeta | undefined;
  /** The terminal's size at the start. */
  readonly size: Pick<TerminalSize, "cols" | "rows">;
  readonly idle: readonly Idle[];
  /** Watching time with idle stretches cut. */
  readonly cut: PlayTime;
  /** In order of time. */
  readonly flags: readonly Flag[];
}

const USUAL_SIZE = { cols: 80, rows: 24 };

/** Reads a session once, from its first event to its last. */
export function layOut(source: EventSource, flags: readonly Flag[] = []): Timeline {
  const index = new EventIndex();
  let meta: SessionMeta | undefined;
  for (const event of source.events()) {
    index.add(event);
    if (event.kind === "open") meta ??= event.meta;
  }
  return timelineOf(index, meta, flags);
}

/** The timeline of a session whose events are known. */
export function timelineOf(
  index: EventIndex,
  meta: SessionMeta | undefined,
  flags: readonly Flag[] = [],
): Timeline {
  const idle: Idle[] = [];
  let shown = micros(0);
  const quietUntil = (at: Micros) => {
    if (at - shown > IDLE_MICROS) idle.push({ from: shown, to: at });
    shown = at;
  };
  for (let event = 0; event < index.count; event++) {
    const kind = index.kind(event);
    if (kind === "output" || kind === "resize") quietUntil(index.at(event));
  }
  const duration = index.end;
  quietUntil(duration);
  return {
    index,
    duration,
    meta,
    size: meta?.size ?? USUAL_SIZE,
    idle,
    cut: new PlayTime(idle),
    flags: [...flags].sort((a, b) => a.at - b.at),
  };
}
