import type { Claims } from "../core/claims.js";
import type { SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import type { ScreenReader, ScreenText } from "../core/screenText.js";
import { ShownOutput } from "../core/shownOutput.js";
import type { SessionId } from "../core/units.js";
import type { Detectors } from "../detection/detectors.js";
import { Engine } from "../detection/engine.js";
import { createScreenReader } from "../terminal/screenReader.js";

const NOTHING: readonly Flag[] = [];

/**
 * Looks at a session: its events in, its flags out. Used on a running session and on its recording alike, so that both
 * give the same flags (the fourth law).
 */
export class Analysis {
  readonly #engine: Engine;
  readonly #output = new ShownOutput();
  #screen: ScreenReader | undefined;

  constructor(detectors: Detectors, session: SessionId) {
    this.#engine = new Engine(detectors, session);
  }

  /**
   * The flags that one more event completes, and the pause before it; also those of which more is known now, under the
   * same id (see `lastForms`).
   */
  event(event: SessionEvent): readonly Flag[] {
    const shown = this.#output.of(event);
    const paused = this.#shown(this.#screen?.pass(event.at) ?? []);
    return [...paused, ...this.#engine.pass(event.at), ...this.#look(event, shown)];
  }

  /** What the agent said that it ran against what the system saw, so far. */
  claims(): Claims {
    return this.#engine.claims();
  }

  #look(event: SessionEvent, shown: Uint8Array | undefined): readonly Flag[] {
    switch (event.kind) {
      case "open":
        this.#engine.onOpen(event.meta);
        this.#screen = createScreenReader(event.meta.size.cols, event.meta.size.rows);
        return [];
      case "output":
        return this.#shown(this.#screen?.write(shown ?? event.data, event.at, event.seq) ?? []);
      case "resize":
        this.#screen?.resize(event.size.cols, event.size.rows);
        return [];
      case "input":
        return this.#engine.onInput(event.data, event.at, event.seq);
      case "observation":
        return this.#engine.onObservation(event.observation, event.at, event.seq);
      case "end":
        return this.#engine.end();
      default:
        return [];
    }
  }

  /** To be called when the output pauses, and at the end: looks at the line that still stands unfinished. */
  settle(): readonly Flag[] {
    return this.#shown(this.#screen?.settle() ?? []);
  }

  #shown(lines: readonly ScreenText[]): readonly Flag[] {
    let flags: readonly Flag[] = NOTHING;
    for (const line of lines) {
      const found = this.#engine.onScreenText(line);
      if (found.length > 0) flags = [...flags, ...found];
    }
    return flags;
  }
}
