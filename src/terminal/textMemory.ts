/** A generation ends at either of these, so that two of them hold at most 8 Mi characters. */
const MAX_TEXTS = 32_768;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Remembers texts that were seen, and forgets those not seen for long: at least the last 32,768 different ones
 * (fewer when they are very long) are known. Whole texts are kept, not hashes: a hash could be made to collide,
 * and the second text would stay unseen.
 */
export class TextMemory {
  #young = new Set<string>();
  #old = new Set<string>();
  #characters = 0;

  has(text: string): boolean {
    return this.#young.has(text) || this.#old.has(text);
  }

  /** Whether `text` is new. It is known from now on. */
  learn(text: string): boolean {
    if (this.#young.has(text)) return false;
    const known = this.#old.has(text);
    if (this.#young.size >= MAX_TEXTS || this.#characters + text.length > MAX_CHARACTERS) {
      this.#old = this.#young;
      this.#young = new Set();
      this.#characters = 0;
    }
    this.#young.add(text);
    this.#characters += text.length;
    return !known;
  }
}
