import type { Claims } from "./claims.js";
import { Coverage } from "./coverage.js";
import type { Exit, SessionEvent, SessionMeta } from "./event.js";
import type { KeptTranscript, SessionState, SessionSummary } from "./sessionSummary.js";
import { type Micros, micros, type SessionId } from "./units.js";

/** Adds up a session's summary from its events, in order. */
export class SummaryAccumulator {
  readonly #id: SessionId;
  readonly #startedAt: number;
  #meta: SessionMeta | undefined;
  #last: Micros = micros(0);
  #exit: Exit | undefined;
  #output = 0;
  #input = 0;
  #masked = 0;
  #gaps = 0;
  #notices = 0;
  readonly #coverage = new Coverage();
  readonly #transcripts = new Map<string, KeptTranscript>();

  constructor(id: SessionId, startedAt: number) {
    this.#id = id;
    this.#startedAt = startedAt;
  }

  add(event: SessionEvent): void {
    this.#last = event.at;
    switch (event.kind) {
      case "open":
        this.#meta = event.meta;
        return;
      case "output":
        this.#output += event.data.length;
        return;
      case "input":
        this.#input += event.data.length;
        return;
      case "masked":
        this.#masked += event.bytes;
        return;
      case "gap":
        this.#gaps++;
        return;
      case "notice":
        this.#notices++;
        return;
      case "end":
        this.#exit = event.exit;
        return;
      case "observation":
        if (event.observation.source === "coverage") this.#coverage.add(event.observation.fact, event.at);
        return;
      case "transcript": {
        const { offset: _, ...of } = event.piece;
        const known = this.#transcripts.get(JSON.stringify(of));
        this.#transcripts.set(JSON.stringify(of), {
          ...of,
          bytes: (known?.bytes ?? 0) + event.data.length,
        });
        return;
      }
      case "resize":
      case "signal":
      case "suspend":
      case "resume":
      case "unknown":
        return;
      default:
        event satisfies never;
    }
  }

  /**
   * The summary so far; undefined before the session's first event. `unfinished` is the state to give one without an end,
   * `claims` what detection has found out of the agent's claims.
   */
  summary(unfinished: Exclude<SessionState, "complete">, claims?: Claims): SessionSummary | undefined {
    if (this.#meta === undefined) return undefined;
    return {
      id: this.#id,
      startedAt: this.#startedAt,
      durationUs: this.#last,
      state: this.#exit === undefined ? unfinished : "complete",
      meta: this.#meta,
      exit: this.#exit,
      outputBytes: this.#output,
      inputBytes: this.#input,
      maskedBytes: this.#masked,
      gaps: this.#gaps,
      notices: this.#notices,
      coverage: this.#coverage.spans,
      transcripts: [...this.#transcripts.values()],
      ...(claims !== undefined && { claims }),
    };
  }
}
