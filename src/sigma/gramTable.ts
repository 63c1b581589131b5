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

/**
 * Finds many texts at once. Of each text the rarest run of four characters (of short texts, all they have) goes
 * into a hash table; a scan looks every run of the haystack up and compares the text only where it hits. So the
 * time depends on the haystack, hardly on how many texts there are.
 */
export class GramTable {
  readonly #bits: Uint8Array;
  readonly #heads: (Needle | undefined)[];
  readonly #shift: number;
  readonly #lengths: ReadonlySet<number>;
  /** By character code; a table of its own, since single characters hash badly. */
  readonly #ones: ReadonlyMap<number, Needle> | undefined;

  /** Texts must be folded and not empty. */
  constructor(texts: ReadonlyMap<string, readonly number[]>) {
    let size = 256;
    while (size < texts.size * 16 && size < 1 << 20) size *= 2;
    this.#shift = 32 - Math.log2(size);
    this.#bits = new Uint8Array(size);
    this.#heads = new Array<Needle | undefined>(size).fill(undefined);
    const counts = gramCounts(texts.keys());
    const lengths = new Set<number>();
    const ones = new Map<number, Needle>();
    for (const [text, rules] of texts) {
      if (text.length === 1) {
        ones.set(text.charCodeAt(0), { text, rules, gramEnd: 0, next: undefined, seen: 0 });
        continue;
      }
      const length = Math.min(GRAM, text.length);
      lengths.add(length);
      const start = rarestGram(text, counts);
      const slot = this.#slot(codeOf(text.slice(start, start + length)));
      this.#bits[slot] = 1;
      this.#heads[slot] = { text, rules, gramEnd: start + length - 1, next: this.#heads[slot], seen: 0 };
    }
    this.#lengths = lengths;
    this.#ones = ones.size > 0 ? ones : undefined;
  }

  /** Reports the rules of every text that stands in the folded haystack. */
  scan(haystack: string, candidates: Candidates): void {
    const bits = this.#bits;
    const shift = this.#shift;
    const threes = this.#lengths.has(3);
    const twos = this.#lengths.has(2);
    const ones = this.#ones;
    let code = 0;
    for (let i = 0; i < haystack.length; i++) {
      const unit = haystack.charCodeAt(i);
      if (ones !== undefined) report(ones.get(unit), candidates);
      code = (code << 8) | ((unit ^ (unit >>> 8)) & 0xff);
      const four = Math.imul(code, MULTIPLIER) >>> shift;
      if (bits[four] !== 0) this.#compare(four, haystack, i, candidates);
      if (threes) {
        const three = Math.imul(code & 0xffffff, MULTIPLIER) >>> shift;
        if (bits[three] !== 0) this.#compare(three, haystack, i, candidates);
      }
      if (twos) {
        const two = Math.imul(code & 0xffff, MULTIPLIER) >>> shift;
        if (bits[two] !== 0) this.#compare(two, haystack, i, candidates);
      }
    }
  }

  #compare(slot: number, haystack: string, end: number, candidates: Candidates): void {
    for (let needle = this.#heads[slot]; needle !== undefined; needle = needle.next) {
      if (needle.seen === candidates.generation) continue;
      const start = end - needle.gramEnd;
      if (start < 0 || !haystack.startsWith(needle.text, start)) continue;
      report(needle, candidates);
    }
  }

  #slot(code: number): number {
    return Math.imul(code, MULTIPLIER) >>> this.#shift;
  }
}

function report(needle: Needle | undefined, candidates: Candidates): void {
  if (needle === undefined || needle.seen === candidates.generation) return;
  needle.seen = candidates.generation;
  candidates.add(needle.rules);
}

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
