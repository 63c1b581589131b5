/** Where found texts are reported: the places of the rules that asked for them. */
export interface Candidates {
  /** Grows with every event, so that what was seen in this one need not be reset. */
  readonly generation: number;
  add(rules: readonly number[]): void;
}

interface Needle {
  readonly text: string;
  readonly rules: readonly number[];
  /** From the needle's start to the last character of its gram. */
  readonly gramEnd: number;
  readonly next: Needle | undefined;
  seen: number;
}

const MULTIPLIER = 0x9e3779b1;
const GRAM = 4;
/** The last characters of a run, a byte each, by its length. */
const MASKS = [0, 0xff, 0xffff, 0xffffff, 0xffffffff] as const;

/**
 * Finds many texts at once. Of each text the rarest run of four characters (of short texts, all they have) goes
 * into a hash table. A scan looks at every two neighbouring characters of the haystack whether some run ends
 * with them, then for the run, and compares a text only where its run stands. So the time depends on the
 * haystack, hardly on how many texts there are.
 */
export class GramTable {
  /** For two neighbouring characters, a bit for each length of runs that end with them. */
  readonly #pairs = new Uint8Array(PAIRS);
  readonly #bits: Uint8Array;
  readonly #heads: (Needle | undefined)[];
  readonly #shift: number;

  /** Texts must be folded and not empty. */
  constructor(texts: ReadonlyMap<string, readonly number[]>) {
    let size = 256;
    while (size < texts.size * 16 && size < 1 << 20) size *= 2;
    this.#shift = 32 - Math.log2(size);
    this.#bits = new Uint8Array(size);
    this.#heads = new Array<Needle | undefined>(size).fill(undefined);
    const counts = gramCounts(texts.keys());
    for (const [text, rules] of texts) {
      const length = Math.min(GRAM, text.length);
      const start = rarestGram(text, counts);
      const code = codeOf(text.slice(start, start + length));
      const slot = this.#slot(code);
      this.#bits[slot] = 1;
      this.#heads[slot] = { text, rules, gramEnd: start + length - 1, next: this.#heads[slot], seen: 0 };
      this.#markPairs(code, length);
    }
  }

  /** Reports the rules of every text that stands in the folded haystack. */
  scan(haystack: string, candidates: Candidates): void {
    const pairs = this.#pairs;
    let code = 0;
    for (let i = 0; i < haystack.length; i++) {
      const unit = haystack.charCodeAt(i);
      code = (code << 8) | ((unit ^ (unit >>> 8)) & 0xff);
      const lengths = pairs[pairOf(code)];
      if (lengths) this.#look(lengths, code, haystack, i, candidates);
    }
  }

  #look(lengths: number, code: number, haystack: string, end: number, candidates: Candidates): void {
    for (let length = 1; length <= GRAM; length++) {
      if ((lengths & (1 << length)) === 0) continue;
      const slot = this.#slot(code & (MASKS[length] ?? 0));
      if (this.#bits[slot] !== 0) this.#compare(slot, haystack, end, candidates);
    }
  }

  #compare(slot: number, haystack: string, end: number, candidates: Candidates): void {
    for (let needle = this.#heads[slot]; needle !== undefined; needle = needle.next) {
      if (needle.seen === candidates.generation) continue;
      const start = end - needle.gramEnd;
      if (start < 0 || !haystack.startsWith(needle.text, start)) continue;
      needle.seen = candidates.generation;
      candidates.add(needle.rules);
    }
  }

  /** A run of one character ends with any pair that ends with it. */
  #markPairs(code: number, length: number): void {
    const pairs = length === 1 ? Array.from({ length: 0x100 }, (_, before) => (before << 8) | code) : [code];
    for (const pair of pairs) this.#pairs[pairOf(pair)] = (this.#pairs[pairOf(pair)] ?? 0) | (1 << length);
  }

  #slot(code: number): number {
    return Math.imul(code, MULTIPLIER) >>> this.#shift;
  }
}

/** Where two neighbouring characters are looked up. Few enough places to stay in the nearest cache. */
const PAIRS = 0x1000;
const pairOf = (code: number): number => (code ^ (code >>> 4)) & (PAIRS - 1);

/** A byte for each character, the last one lowest. */
function codeOf(gram: string): number {
  let code = 0;
  for (let i = 0; i < gram.length; i++) {
    const unit = gram.charCodeAt(i);
    code = (code << 8) | ((unit ^ (unit >>> 8)) & 0xff);
  }
  return code;
}

function gramCounts(texts: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (let start = 0; start + GRAM <= text.length; start++) {
      const gram = text.slice(start, start + GRAM);
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  return counts;
}

/** What few of the texts hold is likely rare in haystacks too; spaces and dots are common in all. */
function rarestGram(text: string, counts: ReadonlyMap<string, number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start + GRAM <= text.length; start++) {
    const gram = text.slice(start, start + GRAM);
    const cost = (counts.get(gram) ?? 0) + (gram.match(/[ ./\\]/g)?.length ?? 0) / 4;
    if (cost < least) {
      least = cost;
      best = start;
    }
  }
  return best;
}
