import type { SessionMeta } from "../core/event.js";
import type { Confidence, EvidenceSource, Flag } from "../core/flag.js";
import type { RuleEvent } from "../core/ruleEvent.js";
import type { ScreenText } from "../core/screenText.js";
import type { Micros, Seq, SessionId } from "../core/units.js";
import type { Product } from "./acts/commandEvents.js";
import { evidenceOf, flagId, type Hit, normalEvidence } from "./evidence.js";
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
interface Observation {
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
  readonly #rules: Pick<RulePack, "ruleset">;
  readonly #session: SessionId;
  readonly #typed = new TypedLine();
  readonly #files = new WrittenFiles();
  readonly #seen = new Set<string>();
  /** When a rule last matched a line of the screen. */
  readonly #bursts = new Map<string, number>();
  #product: Product = "linux";
  #cwd: string | undefined;

  constructor(rules: Pick<RulePack, "ruleset">, session: SessionId) {
    this.#rules = rules;
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

  #context(): Context {
    return { product: this.#product, cwd: this.#cwd, files: this.#files };
  }

  /** Hits of one rule in one observation are one flag. */
  #judge(events: readonly RuleEvent[], observation: Observation): readonly Flag[] {
    const byRule = new Map<string, Hit[]>();
    for (const event of events)
      for (const match of this.#rules.ruleset.match(event)) {
        const hits = byRule.get(match.rule.id);
        if (hits === undefined) byRule.set(match.rule.id, [{ event, match }]);
        else hits.push({ event, match });
      }
    return [...byRule.values()].flatMap((hits) => this.#flag(hits, observation));
  }

  #flag(hits: readonly Hit[], { source, confidence, at, seq }: Observation): readonly Flag[] {
    const [first] = hits;
    if (first === undefined) return [];
    const { rule } = first.match;
    if (first.event.category === "terminal") {
      const last = this.#bursts.get(rule.id);
      this.#bursts.set(rule.id, at);
      if (last !== undefined && at - last < BURST) return [];
    }
    const id = flagId(this.#session, rule.id, normalEvidence(first));
    if (this.#seen.has(id)) return [];
    this.#seen.add(id);
    if (this.#seen.size > MOST_REMEMBERED)
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    const evidence = hits.slice(0, MOST_EVIDENCE).map((hit) => evidenceOf(hit, source, at, seq));
    return [{ id, session: this.#session, rule: summaryOf(rule), at, confidence, evidence }];
  }
}
