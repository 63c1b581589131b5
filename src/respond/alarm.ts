import { atLeast, type Confidence, type Flag, isSurer, type Level } from "../core/flag.js";

/** From this level on, the person at the terminal is told at once. */
const FROM: Level = "high";
/** A grave thing that was only asked for, and happens so much later than it was told, is told again (microseconds). */
const AGAIN_AFTER = 10_000_000;
const MOST_REMEMBERED = 10_000;

/**
 * Decides which flags call the person: what was asked for or is confirmed, from level high on. What is only seen on the
 * screen calls nobody, whatever its level: it may be an article, and the person sees the screen too; when it is more than
 * text, the agent's transcript or the kernel says so within a moment. A flag calls once; a second time only when it is
 * critical, was not certain at the first time, and is confirmed long after it (an approval stood between).
 */
export class Alarm {
  /** The flags that have called, and when the latest that was known of them was. */
  readonly #rung = new Map<string, { readonly at: number; readonly confidence: Confidence }>();

  /** Whether this flag, new or with more known of it, calls the person now. */
  rings(flag: Flag): boolean {
    if (!atLeast(flag.rule.level, FROM) || flag.confidence === "seen") return false;
    const before = this.#rung.get(flag.id);
    const at = Math.max(flag.at, ...flag.evidence.map((piece) => piece.at));
    if (before !== undefined) {
      const isGraver = flag.rule.level === "critical" && isSurer(flag.confidence, before.confidence);
      if (!isGraver || at - before.at < AGAIN_AFTER) return false;
    }
    this.#rung.set(flag.id, { at, confidence: flag.confidence });
    if (this.#rung.size > MOST_REMEMBERED) this.#rung.delete(this.#rung.keys().next().value as string);
    return true;
  }
}
