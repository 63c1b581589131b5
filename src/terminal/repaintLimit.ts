/** How many texts that differ only in digits and signs may be painted in one place before they count as one. */
const MAX_ALIKE = 64;
const MAX_SHAPES = 4096;

/**
 * Keeps progress bars, spinners and clocks from flooding: among texts that are painted in place, those with the
 * same letters in the same order are told 64 times, then no more. Lines that scroll by are never held back.
 */
export class RepaintLimit {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** Whether `text`, painted in place, is still to be told. */
  admit(text: string): boolean {
    const shape = letters(text);
    const count = this.#young.get(shape) ?? this.#old.get(shape) ?? 0;
    if (this.#young.size >= MAX_SHAPES) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(shape, count + 1);
    return count < MAX_ALIKE;
  }
}

const NO_LETTER = /[^\p{L}]+/gu;
const LONGEST_SHAPE = 256;

const letters = (text: string): string =>
  text
    .slice(0, 4 * LONGEST_SHAPE)
    .replace(NO_LETTER, "")
    .slice(0, LONGEST_SHAPE);
