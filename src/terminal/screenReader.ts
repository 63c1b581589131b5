import type { ScreenReader, ScreenText } from "../core/screenText.js";
import { type Micros, micros, type Seq, seq } from "../core/units.js";
import { unboxed } from "./box.js";
import { Emulator } from "./emulator.js";
import { FloodLane } from "./floodLane.js";
import { LineCapture, type LineSink } from "./lineCapture.js";
import { Paragraph } from "./paragraph.js";
import { RepaintLimit } from "./repaintLimit.js";
import { TextMemory } from "./textMemory.js";

/** Output that pauses this long has settled: what stands under the cursor then is a line of its own. */
export const QUIET_MICROS = 100_000;

/** Characters told for each byte of output, in the long run; and how many may be saved up. */
const ALLOWANCE = 32;
const MOST_ALLOWED = 4 * 1024 * 1024;

/** Output that is not simple is given to the emulator in pieces of about this size, and then looked at again. */
const PIECE = 4096;
const LF = 0x0a;
const NOTHING: readonly ScreenText[] = [];

/**
 * Reads a screen of the given size. What it tells is a function of the frames alone (bytes, times, order), so a
 * session followed live and its recording read later give the same lines.
 */
export function createScreenReader(cols: number, rows: number): ScreenReader {
  return new EmulatedReader(cols, rows);
}

export class EmulatedReader implements ScreenReader {
  readonly emulator: Emulator;
  readonly #capture: LineCapture;
  readonly #flood: FloodLane | undefined;
  readonly #seen = new TextMemory();
  readonly #repaints = new RepaintLimit();
  readonly #paragraph = new Paragraph();
  #at = micros(0);
  #seq = seq(0);
  #size: { readonly cols: number; readonly rows: number } | undefined;
  #told: ScreenText[] = [];
  #allowed = MOST_ALLOWED;

  /** `fast` is for tests: the same is told without the lane for floods, only slower. */
  constructor(cols: number, rows: number, { fast = true } = {}) {
    this.emulator = new Emulator(cols, rows);
    const paid = () => this.#allowed > 0;
    const tell: LineSink = (line, lasting, place) => this.#line(line, lasting, place);
    this.#capture = new LineCapture(this.emulator, tell, paid);
    if (fast) this.#flood = new FloodLane(this.emulator, this.#capture, tell, paid);
  }

  write(data: Uint8Array, at: Micros, number: Seq): readonly ScreenText[] {
    // Told with the time of the output that wrote it, as if someone had called settle() in the pause.
    if (at - this.#at > QUIET_MICROS) this.#settle();
    this.#at = at;
    this.#seq = number;
    this.#allowed = Math.min(this.#allowed + ALLOWANCE * data.length, MOST_ALLOWED);
    this.#applySize();
    this.#read(Buffer.from(data.buffer, data.byteOffset, data.length));
    return this.#take();
  }

  resize(cols: number, rows: number): void {
    this.#size = { cols, rows };
  }

  pass(at: Micros): readonly ScreenText[] {
    if (at - this.#at > QUIET_MICROS) this.#settle();
    return this.#take();
  }

  settle(): readonly ScreenText[] {
    this.#settle();
    return this.#take();
  }

  /** Brings the emulator up to date. */
  catchUp(): void {
    this.#flood?.leave();
    this.#applySize();
  }

  #read(data: Buffer): void {
    for (let at = 0; at < data.length; ) {
      if (this.#flood !== undefined && (this.#flood.active || this.#flood.enter()))
        at += this.#flood.feed(data.subarray(at));
      if (at >= data.length) return;
      const end = this.#flood === undefined ? data.length : pieceEnd(data, at);
      this.emulator.write(data.subarray(at, end));
      at = end;
    }
  }

  #settle(): void {
    if (this.#flood?.active === true) this.#flood.settle();
    else this.#capture.capture();
  }

  /** Only the last of several sizes without output in between is ever seen. */
  #applySize(): void {
    if (this.#size === undefined) return;
    this.#flood?.leave();
    this.#capture.capture();
    this.emulator.resize(this.#size.cols, this.#size.rows);
    this.#size = undefined;
  }

  #line(line: string, lasting: boolean, place: number): void {
    this.#allowed -= line.length;
    const text = unboxed(line);
    this.#tell(text, lasting);
    const joined = this.#paragraph.add(line, text, place, this.emulator.cols);
    if (joined !== undefined) this.#tell(joined, lasting);
  }

  #tell(text: string, lasting: boolean): void {
    if (text === "") return;
    // What is painted in place may be held back, and is then not to count as told.
    if (!lasting && !this.#seen.has(text) && !this.#repaints.admit(text)) return;
    if (!this.#seen.learn(text)) return;
    this.#told.push({ text, at: this.#at, seq: this.#seq });
  }

  #take(): readonly ScreenText[] {
    if (this.#told.length === 0) return NOTHING;
    const told = this.#told;
    this.#told = [];
    return told;
  }
}

/** Behind the last line feed of a piece, if there is one: there the emulator is most likely in a simple state. */
function pieceEnd(data: Buffer, at: number): number {
  if (data.length - at <= PIECE) return data.length;
  const end = data.lastIndexOf(LF, at + PIECE - 1);
  return end < at ? at + PIECE : end + 1;
}
