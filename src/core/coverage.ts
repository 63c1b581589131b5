import type { CoverageFact } from "./observation.js";
import type { Micros } from "./units.js";

/** From when to when one source was on, and what it said of itself. */
export interface CoverageSpan {
  readonly source: CoverageFact["source"];
  readonly from: Micros;
  /** Undefined: until the end, or until now. */
  readonly to: Micros | undefined;
  /** `failed`: it never was on, or broke down. */
  readonly state: "on" | "ended" | "failed";
  /** In words, each sentence once: what it sees and what it can't. */
  readonly details: readonly string[];
}

/** So many spans, and sentences in each, are kept; a session has a handful. */
const MOST = 64;

interface Open {
  source: CoverageFact["source"];
  from: Micros;
  to: Micros | undefined;
  state: CoverageSpan["state"];
  details: string[];
}

/** Puts together what the sources said of themselves: which was on from when to when. */
export class Coverage {
  readonly #spans: Open[] = [];

  add({ source, state, detail }: CoverageFact, at: Micros): void {
    const open = this.#spans.findLast((span) => span.source === source && span.to === undefined);
    if (state === "on" && open !== undefined) {
      note(open, detail);
      return;
    }
    if (open !== undefined) {
      open.to = at;
      open.state = state === "failed" ? "failed" : "ended";
      note(open, detail);
      return;
    }
    if (this.#spans.length >= MOST) return;
    const span = {
      source,
      from: at,
      to: state === "on" ? undefined : at,
      state: state === "on" ? ("on" as const) : ("failed" as const),
      details: [detail],
    };
    // A source that ends twice, or was switched off, has been said already.
    const last = this.#spans.findLast((one) => one.source === source);
    if (state !== "on" && last !== undefined) note(last, detail);
    else this.#spans.push(span);
  }

  get spans(): readonly CoverageSpan[] {
    return this.#spans.map((span) => ({ ...span, details: [...span.details] }));
  }
}

function note(span: Open, detail: string): void {
  if (detail !== "" && !span.details.includes(detail) && span.details.length < MOST)
    span.details.push(detail);
}
