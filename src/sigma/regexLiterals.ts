/** Of each of these lists, every match holds at least one text. */
export type RequiredLiterals = readonly (readonly string[])[];

/**
 * Texts that every match of a regular expression must hold, folded to lower case; an empty list where none is
 * certain. Only literals that surely stand in a match are taken: whatever is optional, repeated, a class or not
 * understood ends a literal. Such texts only save trying the expression; they decide nothing.
 */
export function requiredLiterals(source: string): RequiredLiterals {
  if (source.includes("\\Q")) return [];
  const reader = new LiteralReader(source);
  const found = reader.alternatives(0);
  return reader.atEnd ? found : [];
}

const MAX_ALTERNATIVES = 64;
const MAX_DEPTH = 100;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y;
const GROUP = /\((?:\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:))?/y;
const FLAGS = /\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?\)/y;
const CLASS = /\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]/y;
/** Escapes that stand for a set, a place, or a character by its number. */
const ESCAPE = /\\(?:[pP](?:\{[^}]*\}|[\s\S])|x(?:\{[^}]*\}|[\da-fA-F]{2})|\d{1,3}|[a-zA-Z])/y;

class LiteralReader {
  readonly #source: string;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#position === this.#source.length;
  }

  alternatives(depth: number): RequiredLiterals {
    if (depth > MAX_DEPTH) return this.#giveUp();
    const branches = [this.#sequence(depth)];
    while (this.#source[this.#position] === "|") {
      this.#position++;
      branches.push(this.#sequence(depth));
    }
    const [only, another] = branches;
    if (only !== undefined && another === undefined) return only;
    const all: string[] = [];
    for (const branch of branches) {
      const telling = mostTelling(branch);
      if (telling === undefined) return [];
      all.push(...telling);
    }
    return all.length > MAX_ALTERNATIVES ? [] : [all];
  }

  #sequence(depth: number): RequiredLiterals {
    const required: (readonly string[])[] = [];
    let run = "";
    const endRun = (): void => {
      if (run !== "") required.push([run.toLowerCase()]);
      run = "";
    };
    while (this.#inSequence()) {
      const atom = this.#atom(depth);
      const least = this.#quantifier();
      if (typeof atom === "string") {
        if (least !== 0) run += atom;
        if (least !== undefined) endRun();
      } else {
        endRun();
        if (least !== 0) required.push(...atom);
      }
    }
    endRun();
    return required;
  }

  #inSequence(): boolean {
    const next = this.#source[this.#position];
    return next !== undefined && next !== "|" && next !== ")";
  }

  /** One character as text, or what anything longer requires. */
  #atom(depth: number): string | RequiredLiterals {
    if (this.#take(FLAGS)) return [];
    if (this.#take(GROUP)) {
      if (this.#source[this.#position] === "?") return this.#giveUp();
      const inner = this.alternatives(depth + 1);
      if (this.#source[this.#position] !== ")") return this.#giveUp();
      this.#position++;
      return inner;
    }
    if (this.#take(CLASS) || this.#take(ESCAPE)) return [];
    let character = this.#source.charAt(this.#position);
    if (character === "[" || character === "(") return this.#giveUp();
    if (character === "\\") character = this.#source.charAt(++this.#position);
    else if (".^$".includes(character)) {
      this.#position++;
      return [];
    }
    this.#position++;
    // Beyond ASCII a letter may have more forms than two.
    return character !== "" && character < "\x7f" ? character : [];
  }

  /** How often the atom must stand at least, or undefined without a quantifier. */
  #quantifier(): number | undefined {
    let least: number | undefined;
    for (let match = this.#match(QUANTIFIER); match !== undefined; match = this.#match(QUANTIFIER)) {
      const times = match[1] === undefined ? Number(match[0].startsWith("+")) : Number(match[1]);
      least = (least ?? 1) * times;
    }
    return least;
  }

  #take(pattern: RegExp): boolean {
    return this.#match(pattern) !== undefined;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#source) ?? undefined;
    this.#position += match?.[0].length ?? 0;
    return match;
  }

  /** Stops short of the end, which makes the whole answer "nothing is known". */
  #giveUp(): readonly never[] {
    this.#position = this.#source.length + 1;
    return [];
  }
}

/** Of several lists the one whose shortest text is longest. */
function mostTelling(required: RequiredLiterals): readonly string[] | undefined {
  return required.reduce<readonly string[] | undefined>(
    (best, texts) => (best === undefined || shortest(texts) > shortest(best) ? texts : best),
    undefined,
  );
}

const shortest = (texts: readonly string[]): number =>
  texts.reduce((least, text) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
