import type { SessionMeta } from "../core/event.js";
import type { Confidence, Evidence, EvidenceSource, Flag } from "../core/flag.js";
import type { Observation } from "../core/observation.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import type { ScreenText } from "../core/screenText.js";
import type { Micros, Seq, SessionId } from "../core/units.js";
import type { Product } from "./acts/commandEvents.js";
import { evidenceOf, flagId, normalEvidence } from "./evidence.js";
import { FactReader } from "./facts.js";
import { type Finding, type Hit, Judge } from "./judge.js";
import { type Context, observeScreen, observeTyped } from "./observe.js";
import { type RulePack, summaryOf } from "./rulePack.js";
import { WrittenFiles } from "./shell/scope.js";
import { TypedLine } from "./typedLine.js";

/** So many acts are remembered for not being flagged twice; the oldest are forgotten first. */
const MOST_REMEMBERED = 20_000;
/** A flag shows at most so many pieces of evidence of one observation. */
const MOST_EVIDENCE = 8;
/** Lines of one burst of output that the same rule finds are one moment: a dump is one flag, not one a line. */
const BURST = 5_000_000;

/** What is known of an observation besides its events. */
interface Sighting {
  readonly source: EvidenceSource;
  readonly confidence: Confidence;
  readonly at: Micros;
  readonly seq: Seq;
}

/**
 * Judges a session by a set of rules, fact by fact. The same facts in the same order always give the same flags:
 * the only time it knows is the facts'. Each flag is given once. Memory is bounded whatever the session.
 */
export class Engine {
  readonly #judgement: Judge;
  readonly #session: SessionId;
  readonly #typed = new TypedLine();
  readonly #files = new WrittenFiles();
  readonly #facts = new FactReader();
  readonly #seen = new Set<string>();
  /** When and how an event was observed, for as long as a chain remembers the event. */
  readonly #observed = new WeakMap<RuleEvent, Sighting>();
  /** When a rule last matched a line of the screen. */
  readonly #bursts = new Map<string, number>();
  #product: Product = "linux";
  #cwd: string | undefined;

  constructor(rules: RulePack, session: SessionId) {
    this.#judgement = new Judge(rules);
    this.#session = session;
  }

  /** Learns where the session runs, so that relative paths and the log source are right. */
  onOpen(meta: Pick<SessionMeta, "cwd" | "platform">): void {
    this.#product = meta.platform === "darwin" ? "macos" : "linux";
    this.#cwd = meta.cwd;
  }

  /** The flags of a line that became visible. */
  onScreenText(line: ScreenText): readonly Flag[] {
    const events = observeScreen(line.text, this.#context());
    return this.#judge(events, { source: "screen", confidence: "seen", at: line.at, seq: line.seq });
  }

  /** The flags of the lines that typed bytes complete. */
  onInput(bytes: Uint8Array, at: Micros, seq: Seq): readonly Flag[] {
    return this.#typed.feed(bytes).flatMap((line) =>
      this.#judge(observeTyped(line, this.#context()), {
        source: "typed",
        confidence: "requested",
        at,
        seq,
      }),
    );
  }

  /** The flags of a fact from beyond the terminal: a process, a file, a tool call. */
  onObservation(observation: Observation, at: Micros, seq: Seq): readonly Flag[] {
    return this.#facts
      .read(observation, this.#context())
      .flatMap(({ events, source, confidence }) => this.#judge(events, { source, confidence, at, seq }));
  }

  #context(): Context {
    return { product: this.#product, cwd: this.#cwd, files: this.#files };
  }

  #judge(events: readonly RuleEvent[], sighting: Sighting): readonly Flag[] {
    for (const event of events) this.#observed.set(event, sighting);
    return this.#judgement
      .judge(events, sighting.at)
      .flatMap((finding) => this.#flag(finding, sighting) ?? []);
  }

  #flag({ rule, hits }: Finding, sighting: Sighting): Flag | undefined {
    const { at, confidence } = sighting;
    const isChain = rule.kind === "correlation";
    if (!isChain && hits[0] !== undefined && isOneOfMany(hits[0]) && this.#inBurst(rule.id, at))
      return undefined;
    const id = flagId(
      this.#session,
      rule.id,
      hits
        .slice(0, isChain ? undefined : 1)
        .map(normalEvidence)
        .join("\n"),
    );
    if (this.#seen.has(id)) return undefined;
    this.#remember(id);
    const evidence = hits.slice(-MOST_EVIDENCE).map((hit) => this.#evidence(hit, sighting));
    return { id, session: this.#session, rule: summaryOf(rule), at, confidence, evidence };
  }

  #evidence(hit: Hit, now: Sighting): Evidence {
    // The earlier steps of a chain were observed at their own time.
    const { source, at, seq } = this.#observed.get(hit.event) ?? now;
    return evidenceOf(hit, source, at, seq);
  }

  #inBurst(rule: string, at: Micros): boolean {
    const last = this.#bursts.get(rule);
    this.#bursts.set(rule, at);
    return last !== undefined && at - last < BURST;
  }

  #remember(id: string): void {
    this.#seen.add(id);
    if (this.#seen.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#seen;
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}

/** Lines of output, and what the kernel saw happen to single files: one act gives very many of them. */
const isOneOfMany = ({ event }: Hit): boolean =>
  event.category === "terminal" ||
  (event.category?.startsWith("file") === true && event.fields.CommandLine === undefined);
