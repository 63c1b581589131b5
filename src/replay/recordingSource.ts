import type { SessionEvent, SessionMeta } from "../core/event.js";
import { asShown, isTranslated, ShownOutput } from "../core/shownOutput.js";
import { type Seq, seq } from "../core/units.js";
import type { EventSource } from "./eventSource.js";

/** What is needed of a recording: its events, from any of them on. */
export interface ReadableRecording {
  events(from?: Seq, memory?: "kept" | "reused"): Iterable<SessionEvent>;
}

/** The events of a recording with their output as a screen shows it, from any of them on. */
export class RecordingSource implements EventSource {
  readonly #recording: ReadableRecording;
  readonly meta: SessionMeta | undefined;

  constructor(recording: ReadableRecording) {
    this.#recording = recording;
    for (const event of recording.events()) {
      if (event.kind === "open") this.meta = event.meta;
      break;
    }
  }

  events(from: Seq = seq(0)): Iterable<SessionEvent> {
    return this.#from(from, "kept");
  }

  /** All events, for those who are done with each before they ask for the next: takes much less memory. */
  passing(): Iterable<SessionEvent> {
    return this.#from(seq(0), "reused");
  }

  #from(from: Seq, memory: "kept" | "reused"): Iterable<SessionEvent> {
    if (this.meta === undefined || !isTranslated(this.meta)) return this.#recording.events(from, memory);
    const last = from === 0 ? 0 : this.#lastByteBefore(from);
    return asShown(this.#recording.events(from, memory), new ShownOutput({ translate: true, last }));
  }

  /** The last byte that was output before an event: whether it was a return decides what a line feed at its start is. */
  #lastByteBefore(number: Seq): number {
    for (let reach = 1; ; reach *= 4) {
      const from = Math.max(0, number - reach);
      let last: number | undefined;
      for (const event of this.#recording.events(seq(from))) {
        if (event.seq >= number) break;
        if (event.kind === "output" && event.data.length > 0) last = event.data.at(-1);
      }
      if (last !== undefined || from === 0) return last ?? 0;
    }
  }
}
