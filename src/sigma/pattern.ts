import { fold } from "./fold.js";
import { DASHES, type Piece } from "./wildcard.js";

/** Where a pattern was found in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

type Unit = string | typeof ONE | typeof DASH;
const ONE = Symbol("one");
const DASH = Symbol("dash");

/**
 * A Sigma string as a matcher. Without `cased`, texts must be given folded. The time is at most the length of
 * the text times the length of the pattern, whatever both hold: segments between `*` are taken leftmost first,
 * never tried again.
 */
export class Pattern {
  readonly #segments: readonly Segment[];
  readonly #openStart: boolean;
  readonly #openEnd: boolean;
  /** The literal of a pattern such as `*text*`, `text*` or `*text`: most of them are. */
  readonly #plain: string | undefined;
  /** The literal texts that every match contains, folded. */
  readonly literals: readonly string[];

  constructor(pieces: readonly Piece[], cased: boolean) {
    this.#openStart = pieces[0]?.kind === "any";
    this.#openEnd = pieces.at(-1)?.kind === "any";
    const segments: Unit[][] = [[]];
    for (const piece of pieces) {
      if (piece.kind === "any") segments.push([]);
      else segments.at(-1)?.push(unit(piece, cased));
    }
    const filled = segments.filter((units) => units.length > 0).map(joined);
    this.#segments = filled.map((units) => new Segment(units));
    this.literals = filled.flat().flatMap((one) => (typeof one === "string" ? fold(one) : []));
    const [[only, more] = [], other] = filled;
    const open = this.#openStart || this.#openEnd;
    this.#plain =
      typeof only === "string" && more === undefined && other === undefined && open ? only : undefined;
  }

  /** Whether the pattern matches the whole text. */
  test(text: string): boolean {
    const plain = this.#plain;
    if (plain === undefined) return this.find(text) !== undefined;
    if (!this.#openStart) return text.startsWith(plain);
    return this.#openEnd ? text.includes(plain) : text.endsWith(plain);
  }

  /** Where the pattern matches the whole text, wildcards at its ends left out; undefined where it does not. */
  find(text: string): Span | undefined {
    const segments = this.#segments;
    const [first] = segments;
    if (first === undefined)
      return this.#openStart || text === "" ? { start: 0, end: text.length } : undefined;
    if (segments.length === 1) return this.#findOnly(first, text);
    let start = 0;
    let position = 0;
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i] as Segment;
      if (i === 0 && !this.#openStart) {
        position = segment.at(text, 0);
        if (position < 0) return undefined;
      } else if (i === segments.length - 1 && !this.#openEnd) {
        return segment.before(text) >= position ? { start, end: text.length } : undefined;
      } else {
        const found = segment.search(text, position);
        if (found === undefined) return undefined;
        if (i === 0) start = found.start;
        position = found.end;
      }
    }
    return { start, end: position };
  }

  #findOnly(segment: Segment, text: string): Span | undefined {
    if (this.#openStart && this.#openEnd) return segment.search(text, 0);
    if (this.#openStart) {
      const start = segment.before(text);
      return start < 0 ? undefined : { start, end: text.length };
    }
    const end = segment.at(text, 0);
    return end < 0 || (end < text.length && !this.#openEnd) ? undefined : { start: 0, end };
  }
}

function unit(piece: Exclude<Piece, { kind: "any" }>, cased: boolean): Unit {
  if (piece.kind === "text") return cased ? piece.text : fold(piece.text);
  return piece.kind === "one" ? ONE : DASH;
}

/** Neighbouring literals become one, so that a pattern's literals are as long as can be. */
function joined(units: readonly Unit[]): Unit[] {
  const result: Unit[] = [];
  for (const one of units) {
    const last = result.at(-1);
    if (typeof one === "string" && typeof last === "string") result[result.length - 1] = last + one;
    else result.push(one);
  }
  return result;
}

/** A piece of a pattern without `*`: literals, and places for one character. */
class Segment {
  readonly #units: readonly Unit[];

  constructor(units: readonly Unit[]) {
    this.#units = units;
  }

  /** Where the segment ends when it begins at `start`, or -1. */
  at(text: string, start: number): number {
    let position = start;
    for (const one of this.#units) {
      if (typeof one === "string") {
        if (!text.startsWith(one, position)) return -1;
        position += one.length;
      } else {
        if (position >= text.length) return -1;
        if (one === DASH && !DASHES.includes(text.charAt(position))) return -1;
        position += one === ONE && isPair(text, position) ? 2 : 1;
      }
    }
    return position;
  }

  /** Where the segment begins when it ends with the text, or -1. */
  before(text: string): number {
    let position = text.length;
    for (let i = this.#units.length - 1; i >= 0; i--) {
      const one = this.#units[i] as Unit;
      if (typeof one === "string") {
        position -= one.length;
        if (position < 0 || !text.startsWith(one, position)) return -1;
      } else {
        if (position <= 0) return -1;
        position -= one === ONE && position > 1 && isPair(text, position - 2) ? 2 : 1;
        if (one === DASH && !DASHES.includes(text.charAt(position))) return -1;
      }
    }
    return position;
  }

  /** The first place at or after `from`. */
  search(text: string, from: number): Span | undefined {
    const [first] = this.#units;
    if (typeof first !== "string") {
      for (let start = from; start < text.length; start++) {
        const end = this.at(text, start);
        if (end >= 0) return { start, end };
      }
      return undefined;
    }
    for (let start = text.indexOf(first, from); start >= 0; start = text.indexOf(first, start + 1)) {
      const end = this.#units.length === 1 ? start + first.length : this.at(text, start);
      if (end >= 0) return { start, end };
    }
    return undefined;
  }
}

/** Whether one character is stored as two units here. */
function isPair(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(position + 1));
}

const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
