const ESC = 0x1b;
const SGR_FINAL = 0x6d;
const RESETS = ["\x1b[0m", "\x1b[m"].map((reset) => Buffer.from(reset));

/** Style sequences that are held back before they are handed on. */
const MOST_STYLES = 4096;

/**
 * The end of a flood of simple lines: the last `most` of them, and the style sequences of those before. A terminal
 * that has seen just this is in the same state as one that has seen all.
 */
export class FloodTail {
  readonly #most: number;
  readonly #style: (sequences: Buffer) => void;
  #pieces: { readonly bytes: Buffer; readonly lines: number }[] = [];
  #lines = 0;
  #styles: Buffer[] = [];
  #stylesSize = 0;

  /** `style` gets the style sequences of forgotten lines, in order, sooner or later but before `drain` ends. */
  constructor(most: number, style: (sequences: Buffer) => void) {
    this.#most = most;
    this.#style = style;
  }

  /** Adds complete lines; `bytes` is kept, and must not change. */
  add(bytes: Buffer, lines: number): void {
    this.#pieces.push({ bytes, lines });
    this.#lines += lines;
    for (;;) {
      const first = this.#pieces[0];
      if (first === undefined || this.#lines - first.lines < this.#most) return;
      this.skip(first.bytes);
      this.#pieces.shift();
      this.#lines -= first.lines;
    }
  }

  /** Everything kept is older than what comes now, which is enough: forgets all but the styles. */
  forget(): void {
    for (const { bytes } of this.#pieces) this.skip(bytes);
    this.#pieces = [];
    this.#lines = 0;
  }

  /** Takes note of the style sequences in bytes that are not kept. */
  skip(bytes: Buffer): void {
    let at = bytes.indexOf(ESC);
    if (at < 0) return;
    // What stands before the last full reset makes no difference.
    const reset = Math.max(...RESETS.map((sequence) => bytes.lastIndexOf(sequence)));
    if (reset >= 0) {
      this.#styles = [];
      this.#stylesSize = 0;
      at = reset;
    }
    while (at >= 0) {
      const end = bytes.indexOf(SGR_FINAL, at) + 1;
      const sequence = Buffer.from(bytes.subarray(at, end));
      this.#styles.push(sequence);
      this.#stylesSize += sequence.length;
      at = bytes.indexOf(ESC, end);
    }
    if (this.#stylesSize > MOST_STYLES) this.#handOn();
  }

  /** Hands on what is left of the styles, and gives the kept lines in order, which are forgotten then. */
  drain(): readonly Buffer[] {
    this.#handOn();
    const bytes = this.#pieces.map((piece) => piece.bytes);
    this.#pieces = [];
    this.#lines = 0;
    return bytes;
  }

  #handOn(): void {
    if (this.#styles.length > 0) this.#style(Buffer.concat(this.#styles));
    this.#styles = [];
    this.#stylesSize = 0;
  }
}
