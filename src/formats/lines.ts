const LF = 0x0a;
const CR = 0x0d;

/** A line of a file, without its end. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  /** Undefined when the line was longer than allowed. */
  readonly bytes: Buffer | undefined;
  readonly length: number;
  /** Whether the file ends without a line feed behind it. */
  readonly open: boolean;
}

/** Cuts a file into lines (LF or CRLF). Holds no more than one line of the longest length that is allowed. */
export class LineCutter {
  readonly #longest: number;
  #held: Buffer[] = [];
  #length = 0;
  #number = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *push(bytes: Uint8Array): Generator<FileLine, void> {
    let from = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
      this.#hold(bytes.subarray(from, at));
      yield this.#take(false);
      from = at + 1;
    }
    this.#hold(bytes.subarray(from));
  }

  *end(): Generator<FileLine, void> {
    if (this.#length > 0) yield this.#take(true);
  }

  #hold(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#longest) this.#held = [];
    // Copied: whoever reads the file may use its buffer again.
    else if (part.length > 0) this.#held.push(Buffer.from(part));
  }

  #take(open: boolean): FileLine {
    const length = this.#length;
    const whole = length > this.#longest ? undefined : Buffer.concat(this.#held, length);
    this.#held = [];
    this.#length = 0;
    const bytes = whole?.at(-1) === CR ? whole.subarray(0, -1) : whole;
    return { number: ++this.#number, bytes, length, open };
  }
}
