/** Texts up to this length are kept in places of their own. */
const SHORT = 512;
const PLACES = 32_768;

/** Longer ones share an allowance, a generation at a time. */
const MAX_LONG_CHARACTERS = 2 * 1024 * 1024;

/**
 * Remembers about the last 32,768 different texts. Whole texts are compared, so that none is ever taken for another:
 * what a clever program can achieve is only that a text is forgotten early, and told again.
 */
export class TextMemory {
  /** Pairs of places; the first of a pair holds the newer text. */
  readonly #texts = new Array<string>(PLACES).fill("");
  readonly #hashes = new Int32Array(PLACES);
  #young = new Set<string>();
  #old = new Set<string>();
  #characters = 0;

  has(text: string): boolean {
    if (text.length > SHORT) return this.#young.has(text) || this.#old.has(text);
    const code = hash(text);
    const place = placeOf(code);
    return this.#holds(place, code, text) || this.#holds(place + 1, code, text);
  }

  /** Whether `text` is new. It is known from now on. */
  learn(text: string): boolean {
    if (text.length > SHORT) return this.#learnLong(text);
    const code = hash(text);
    const place = placeOf(code);
    if (this.#holds(place, code, text)) return false;
    const known = this.#holds(place + 1, code, text);
    this.#texts[place + 1] = this.#texts[place] as string;
    this.#hashes[place + 1] = this.#hashes[place] as number;
    this.#texts[place] = text;
    this.#hashes[place] = code;
    return !known;
  }

  #holds(place: number, code: number, text: string): boolean {
    return this.#hashes[place] === code && this.#texts[place] === text;
  }

  #learnLong(text: string): boolean {
    if (this.#young.has(text)) return false;
    const known = this.#old.has(text);
    if (this.#characters + text.length > MAX_LONG_CHARACTERS) {
      this.#old = this.#young;
      this.#young = new Set();
      this.#characters = 0;
    }
    this.#young.add(text);
    this.#characters += text.length;
    return !known;
  }
}

/** FNV-1a over UTF-16 units, with its bits mixed once more. */
function hash(text: string): number {
  let code = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) code = Math.imul(code ^ text.charCodeAt(i), 0x01000193);
  code = Math.imul(code ^ (code >>> 15), 0x2c1b3c6d);
  return code ^ (code >>> 13);
}

const placeOf = (code: number): number => (code & (PLACES / 2 - 1)) * 2;
