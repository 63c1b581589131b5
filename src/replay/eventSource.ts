import type { SessionEvent } from "../core/event.js";
import type { Seq } from "../core/units.js";

/** Where the events of a session come from. Read again and again: forwards from any event on. */
export interface EventSource {
  /** The events in order, from the one with this number on (by default the first). */
  events(from?: Seq): Iterable<SessionEvent>;
}

/** A source over events in memory. */
export function arraySource(events: readonly SessionEvent[]): EventSource {
  return {
    *events(from) {
      let start = 0;
      if (from !== undefined) {
        let end = events.length;
        while (start < end) {
          const middle = (start + end) >> 1;
          if ((events[middle] as SessionEvent).seq < from) start = middle + 1;
          else end = middle;
        }
      }
      for (let i = start; i < events.length; i++) yield events[i] as SessionEvent;
    },
  };
}
