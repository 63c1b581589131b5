import { type Emulator, SCROLLBACK } from "./emulator.js";
import { isPlain, SimpleLines } from "./floodLine.js";
import { FloodTail } from "./floodTail.js";
import { type LineCapture, type LineSink, wrapsPerPiece } from "./lineCapture.js";

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

/**
 * A faster way for the bulk of all output: lines that scroll by at the bottom of the screen, as in the log of a
 * build. While the emulator is at the left edge of a blank last row and nothing special is switched on, what such
 * lines show can be told from the bytes, and the emulator needs to see only the last of them, when something else
 * comes. The lines told, and the emulator's state afterwards, are the same as without (a property test holds it).
 */
export class FloodLane {
  readonly #emulator: Emulator;
  readonly #capture: LineCapture;
  readonly #tell: LineSink;
  readonly #paid: () => boolean;
  #tail: FloodTail | undefined;
  /** The beginning of a line whose end has not come yet, and how much of it was already told by `settle`. */
  #open: Buffer = NOTHING;
  #told = 0;
  /** Where the last lines of a piece begin, as many as a tail needs, in a ring. */
  #starts = new Uint32Array(0);
  #simple = new SimpleLines(0, () => false);
  /** The row that the next line begins in, counted on while the screen scrolls. */
  #place = 0;
  /** Longer lines wrap so often that they are told in pieces. */
  #longest = 0;

  constructor(emulator: Emulator, capture: LineCapture, tell: LineSink, paid: () => boolean) {
    this.#emulator = emulator;
    this.#capture = capture;
    this.#tell = tell;
    this.#paid = paid;
  }

  get active(): boolean {
    return this.#tail !== undefined;
  }

  /** Becomes active when the emulator is in a state that allows it. */
  enter(): boolean {
    if (!this.#emulator.atBlankBottom || this.#capture.pending) return false;
    const kept = this.#emulator.rows + SCROLLBACK;
    this.#tail = new FloodTail(kept, (styles) => this.#emulator.write(styles));
    if (this.#starts.length !== kept) this.#starts = new Uint32Array(kept);
    let usualTabs: boolean | undefined;
    this.#simple = new SimpleLines(this.#emulator.cols, () => {
      usualTabs ??= this.#emulator.hasUsualTabs;
      return usualTabs;
    });
    this.#place = this.#emulator.scrolled + this.#emulator.rows - 1;
    this.#longest = (Math.floor(wrapsPerPiece(this.#emulator.cols)) - 2) * this.#emulator.cols;
    return true;
  }

  /** Tells the lines in `data` as far as they are simple. Where they are not, it leaves; returns how far it came. */
  feed(data: Buffer): number {
    if (this.#tail === undefined) return 0;
    let at = 0;
    if (this.#open.length > 0) {
      const end = data.indexOf(LF);
      const line = Buffer.concat([this.#open, end < 0 ? data : data.subarray(0, end + 1)]);
      if (end < 0) return this.#keepOpen(line) ? data.length : this.#leaveAt(0);
      const text = this.#line(line, 0, line.length - 1);
      if (text === undefined) return this.#leaveAt(0);
      this.#tellLine(text);
      this.#tail.add(line, 1);
      this.#keepOpen(NOTHING);
      at = end + 1;
    }
    const done = this.#lines(this.#tail, data, at);
    return this.#keepOpen(Buffer.from(data.subarray(done))) ? data.length : this.#leaveAt(done);
  }

  /** Tells what stands of an incomplete line, as far as it was not told. */
  settle(): void {
    if (this.#open.length === this.#told) return;
    this.#told = this.#open.length;
    const text = this.#openText(this.#open);
    if (text !== undefined) this.#tell(text, false, this.#place + this.#wraps);
  }

  /** Brings the emulator to where it would be, and becomes inactive. */
  leave(): void {
    if (this.#tail === undefined) return;
    const tail = this.#tail;
    this.#tail = undefined;
    this.#capture.mute(() => {
      for (const bytes of tail.drain()) this.#emulator.write(bytes);
      this.#emulator.write(this.#open.subarray(0, this.#told));
      if (this.#told > 0) this.#capture.capture();
      this.#emulator.write(this.#open.subarray(this.#told));
    });
    // The open line began in `#place`, and may have wrapped since.
    if (this.#open.length > 0) this.#openText(this.#open);
    this.#emulator.scrolled =
      this.#place + (this.#open.length > 0 ? this.#wraps : 0) - this.#emulator.buffer.y;
    this.#keepOpen(NOTHING);
  }

  #leaveAt(position: number): number {
    this.leave();
    return position;
  }

  /** Tells complete lines from `at` on; returns where the first stands that is not complete or not simple. */
  #lines(tail: FloodTail, data: Buffer, from: number): number {
    const starts = this.#starts;
    let count = 0;
    let at = from;
    while (at < data.length && this.#paid()) {
      let end = at;
      while (isPlain(data[end])) end++;
      // Nearly always this is the CR LF at the end of a line of nothing but printable ASCII.
      if (data[end] !== CR || data[end + 1] !== LF) {
        end = data.indexOf(LF, end) - 1;
        if (end < 0) break;
      }
      const text = this.#line(data, at, end + 1);
      if (text === undefined) break;
      this.#tellLine(text);
      starts[count++ % starts.length] = at;
      at = end + 2;
    }
    if (count >= starts.length) {
      const cut = starts[count % starts.length] as number;
      tail.forget();
      tail.skip(data.subarray(from, cut));
      tail.add(Buffer.from(data.subarray(cut, at)), starts.length);
    } else if (count > 0) tail.add(Buffer.from(data.subarray(from, at)), count);
    return at;
  }

  #tellLine(text: string): void {
    this.#place += this.#wraps;
    this.#tell(text, true, this.#place++);
  }

  /** How often the line that was read last wraps. */
  get #wraps(): number {
    return Math.floor(Math.max(0, this.#simple.cells - 1) / this.#emulator.cols);
  }

  #line(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start > this.#longest) return undefined;
    return this.#simple.read(bytes, start, end, false);
  }

  /** Takes `bytes` as the beginning of the next line, if it can be one. */
  #keepOpen(bytes: Buffer): boolean {
    if (bytes.length > 0 && (bytes.length > this.#longest || this.#openText(bytes) === undefined))
      return false;
    if (bytes.length === 0 || this.#open.length === 0) this.#told = 0;
    this.#open = bytes;
    return true;
  }

  #openText(bytes: Buffer): string | undefined {
    return this.#simple.read(bytes, 0, bytes.length, true);
  }
}
