/** Bytes that grow at their end. */
export class GrowingBytes {
  #bytes: Buffer;
  #length = 0;

  constructor(room = 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number below 2^53, in LEB128: seven bits a byte, lowest first, the high bit set on all but the last. */
  leb(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  add(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Empties it; its memory stays. */
  clear(): void {
    this.#length = 0;
  }

  /** A view of what is there, valid until the next change. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.view(), 0);
    this.#bytes = grown;
  }
}

/** From here on a number does not fit its byte of a number column. */
const LARGE = 255;

/**
 * A column of numbers: one byte for each, and behind them, for each of the bytes that is 255, how much more it is in
 * LEB128. Most numbers in a recording are small, and one byte a number compresses better than several.
 */
export class NumberColumn {
  readonly #bytes = new GrowingBytes();
  readonly #rest = new GrowingBytes();

  add(value: number): void {
    this.#bytes.byte(Math.min(value, LARGE));
    if (value >= LARGE) this.#rest.leb(value - LARGE);
  }

  get length(): number {
    return this.#bytes.length + this.#rest.length;
  }

  view(): Buffer {
    return Buffer.concat([this.#bytes.view(), this.#rest.view()]);
  }
}

/** Reads LEB128 numbers from one place in some bytes to another. A number that is none makes it `damaged`. */
export class LebReader {
  readonly #bytes: Uint8Array;
  #at: number;
  damaged = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** The next number, or 0 when there is none. */
  next(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 53; factor *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value <= Number.MAX_SAFE_INTEGER) return value;
        break;
      }
    }
    this.damaged = true;
    return 0;
  }

  /** Passes over `count` numbers. */
  skip(count: number): void {
    for (let left = count; left > 0 && !this.damaged; left--) this.next();
  }
}

/** Reads the `count` numbers of a number column that starts at `at`. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  readonly #rest: LebReader;
  #at: number;
  /** Where the column ends; beyond the bytes when they do not hold it. */
  readonly end: number;

  constructor(bytes: Uint8Array, at: number, count: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#rest = new LebReader(bytes, at + count);
    const rest = new LebReader(bytes, at + count);
    for (let i = at; i < at + count && !rest.damaged; i++) if (bytes[i] === LARGE) rest.next();
    this.end = rest.damaged || at + count > bytes.length ? bytes.length + 1 : rest.at;
  }

  next(): number {
    const value = this.#bytes[this.#at++] ?? 0;
    return value < LARGE ? value : LARGE + this.#rest.next();
  }
}
