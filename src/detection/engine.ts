import type { Claims } from "../core/claims.js";
import type { SessionMeta } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import type { Observation } from "../core/observation.js";
import type { ScreenText } from "../core/screenText.js";
import type { Micros, Seq, SessionId } from "../core/units.js";
import type { Product } from "./acts/commandEvents.js";
import { Corroboration } from "./corroboration/corroboration.js";
import { FactReader, type Observed } from "./facts.js";
import { type Context, observeScreen, observeTyped } from "./observe.js";
import type { RulePack } from "./rulePack.js";
import { linesOf } from "./scripts.js";
import { WrittenFiles } from "./shell/scope.js";
import { TypedLine } from "./typedLine.js";

/**
 * Judges a session by a set of rules, fact by fact. The same facts in the same order always give the same flags: the only
 * time it knows is the facts'. When more becomes known of an act, its flag is given again under the same id: the last
 * form counts. Memory is bounded whatever the session.
 */
export class Engine {
  readonly #corroboration: Corroboration;
  readonly #typed = new TypedLine();
  readonly #files = new WrittenFiles();
  readonly #facts = new FactReader();
  #product: Product = "linux";
  #cwd: string | undefined;

  constructor(rules: RulePack, session: SessionId) {
    this.#corroboration = new Corroboration(rules, session);
  }

  /** Learns where the session runs, so that relative paths and the log source are right. */
  onOpen(meta: Pick<SessionMeta, "cwd" | "platform">): void {
    this.#product = meta.platform === "darwin" ? "macos" : "linux";
    this.#cwd = meta.cwd;
  }

  /** The flags of a line that became visible. */
  onScreenText({ text, at, seq }: ScreenText): readonly Flag[] {
    const events = observeScreen(text, this.#context());
    return this.#judge({ events, source: "screen", channel: "screen", confidence: "seen", at, seq });
  }

  /** The flags of the lines that typed bytes complete. */
  onInput(bytes: Uint8Array, at: Micros, seq: Seq): readonly Flag[] {
    return this.#typed.feed(bytes).flatMap((line) => {
      const events = observeTyped(line, this.#context());
      this.#facts.claims.typed(line, linesOf(events), at);
      return this.#judge({ events, source: "typed", channel: "typed", confidence: "requested", at, seq });
    });
  }

  /** The flags of a fact from beyond the terminal: a process, a file, a tool call. */
  onObservation(observation: Observation, at: Micros, seq: Seq): readonly Flag[] {
    return this.#facts
      .read(observation, this.#context(), at, seq)
      .flatMap((observed) => this.#judge(observed));
  }

  /** The flags of what the passing of time brings out. To be called for every event, before it is looked at. */
  pass(at: Micros): readonly Flag[] {
    return this.#facts.pass(at, this.#context()).flatMap((observed) => this.#judge(observed));
  }

  /** The session has ended: the flags of what was undecided. */
  end(): readonly Flag[] {
    return this.#facts.end(this.#context()).flatMap((observed) => this.#judge(observed));
  }

  /** What the agent said that it ran against what the system saw, so far. */
  claims(): Claims {
    return this.#facts.claims.claims();
  }

  #judge(observed: Observed): readonly Flag[] {
    return observed.events.length === 0 ? [] : this.#corroboration.judge(observed.events, observed);
  }

  #context(): Context {
    return { product: this.#product, cwd: this.#cwd, workspace: this.#cwd, files: this.#files };
  }
}
