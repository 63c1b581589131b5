import type { SessionEvent } from "../core/event.js";
import type { FileFact, Observation, ProcessFact, ToolFact } from "../core/observation.js";
import { type Micros, micros } from "../core/units.js";

/** Something that was done behind the screen, or that the agent said it did. Its text is as recorded: not safe yet. */
export interface Deed {
  /** The event that told of it. */
  readonly event: number;
  /** When it happened, as far as that is known; otherwise when it was told. */
  readonly at: Micros;
  readonly kind: "process" | "network" | "change" | "file" | "call" | "coverage";
  /** Processes below others: how deep. */
  readonly depth: number;
  readonly text: string;
  /** How it ended: `exit 1`, `SIGKILL`, `failed`; empty for a success. Undefined while it is not known. */
  readonly outcome: string | undefined;
  /** The event that told of the end. */
  readonly ended: number | undefined;
}

/** Everything that was observed in a session, in the order in which it was told. */
export interface Activity {
  readonly deeds: readonly Deed[];
  /** How many more there were than are listed. */
  readonly left: number;
}

const MOST = 20_000;
const LONGEST = 300;
const DEEPEST = 12;

type Draft = { -readonly [key in keyof Deed]: Deed[key] };

/** Puts together what was observed, from a session's events in order. */
export class ActivityReader {
  readonly #deeds: Draft[] = [];
  readonly #depths = new Map<number, number>();
  readonly #running = new Map<number, Draft>();
  readonly #calls = new Map<string, Draft>();
  #left = 0;

  /** `number` counts events from 0. */
  add(event: SessionEvent, number: number): void {
    if (event.kind !== "observation") return;
    this.#observed(event.observation, number, event.happened ?? event.at);
  }

  get activity(): Activity {
    return { deeds: this.#deeds, left: this.#left };
  }

  #observed(observation: Observation, event: number, at: Micros): void {
    switch (observation.source) {
      case "process":
        this.#process(observation.fact, event, at);
        return;
      case "file":
        this.#note(event, at, "file", this.#depthOfPid(observation.fact.by?.pid), fileText(observation.fact));
        return;
      case "tool":
        this.#tool(observation.fact, event, at);
        return;
      case "coverage": {
        const { source, state, detail } = observation.fact;
        this.#note(event, at, "coverage", 0, `${source} ${state}: ${detail}`);
        return;
      }
    }
  }

  #process(fact: ProcessFact, event: number, at: Micros): void {
    switch (fact.what) {
      case "fork":
        this.#depths.set(fact.child, (this.#depths.get(fact.pid) ?? -1) + 1);
        return;
      case "exec": {
        const known = this.#depths.get(fact.pid);
        const depth = known ?? (this.#depths.get(fact.ppid) ?? -1) + 1;
        this.#depths.set(fact.pid, depth);
        this.#end(this.#running.get(fact.pid), event, "");
        const deed = this.#add(event, at, "process", depth, fact.argv.join(" ") || fact.image);
        if (deed !== undefined) this.#running.set(fact.pid, deed);
        return;
      }
      case "exit":
        this.#end(this.#running.get(fact.pid), event, fact.signal ?? (fact.code ? `exit ${fact.code}` : ""));
        this.#running.delete(fact.pid);
        this.#depths.delete(fact.pid);
        return;
      case "connect":
        this.#note(event, at, "network", this.#depthOfPid(fact.pid), `${fact.address}:${fact.port}`);
        return;
      case "delete":
      case "truncate":
        this.#note(event, at, "change", this.#depthOfPid(fact.pid), `${fact.what} ${fact.path}`);
        return;
      case "rename": {
        const lost = fact.overwrote ? " (overwrote it)" : "";
        const text = `move ${fact.from} → ${fact.to}${lost}`;
        this.#note(event, at, "change", this.#depthOfPid(fact.pid), text);
        return;
      }
    }
  }

  #tool(fact: ToolFact, event: number, at: Micros): void {
    if (fact.what === "result") {
      this.#end(this.#calls.get(fact.call), event, fact.failed ? "failed" : "");
      this.#calls.delete(fact.call);
      return;
    }
    const said = fact.command ?? (fact.paths.length > 0 ? fact.paths.join(" ") : fact.input);
    const deed = this.#add(event, at, "call", 0, `${fact.tool}: ${said}`);
    if (deed !== undefined) this.#calls.set(fact.call, deed);
  }

  #depthOfPid(pid: number | undefined): number {
    return pid === undefined ? 0 : (this.#depths.get(pid) ?? -1) + 1;
  }

  /** What has no length of its own. */
  #note(event: number, at: Micros, kind: Deed["kind"], depth: number, text: string): void {
    this.#end(this.#add(event, at, kind, depth, text), event, "");
  }

  #add(event: number, at: Micros, kind: Deed["kind"], depth: number, text: string): Draft | undefined {
    if (this.#deeds.length >= MOST) {
      this.#left++;
      return undefined;
    }
    const deed: Draft = {
      event,
      at: micros(at),
      kind,
      depth: Math.min(DEEPEST, depth),
      text: text.slice(0, LONGEST),
      outcome: undefined,
      ended: undefined,
    };
    this.#deeds.push(deed);
    return deed;
  }

  #end(deed: Draft | undefined, event: number, outcome: string): void {
    if (deed === undefined) return;
    deed.ended = event;
    deed.outcome = outcome;
  }
}

/** Reads what was observed in a session. */
export function readActivity(events: Iterable<SessionEvent>): Activity {
  const reader = new ActivityReader();
  let number = 0;
  for (const event of events) reader.add(event, number++);
  return reader.activity;
}

function fileText({ what, path, store, by }: FileFact): string {
  const who = by === undefined ? " by an unknown process" : "";
  return `${what} ${path} (${store})${who}`;
}
