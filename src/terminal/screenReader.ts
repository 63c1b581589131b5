import type { ScreenReader, ScreenText } from "../core/screenText.js";
import { type Micros, micros, type Seq, seq } from "../core/units.js";
import { unboxed } from "./box.js";
import { Emulator } from "./emulator.js";
import { LineCapture } from "./lineCapture.js";
import { RepaintLimit } from "./repaintLimit.js";
import { TextMemory } from "./textMemory.js";

/** Output that pauses this long has settled: what stands under the cursor then is a line of its own. */
export const QUIET_MICROS = 100_000;

/** Characters told for each byte of output, in the long run; and how many may be saved up. */
const ALLOWANCE = 32;
const MOST_ALLOWED = 4 * 1024 * 1024;

/**
 * Reads a screen of the given size. What it tells is a function of the frames alone (bytes, times, order), so a
 * session followed live and its recording read later give the same lines.
 */
export function createScreenReader(cols: number, rows: number): ScreenReader {
  return new EmulatedReader(cols, rows);
}

class EmulatedReader implements ScreenReader {
  readonly #emulator: Emulator;
  readonly #capture: LineCapture;
  readonly #seen = new TextMemory();
  readonly #repaints = new RepaintLimit();
  #at = micros(0);
  #seq = seq(0);
  #size: { readonly cols: number; readonly rows: number } | undefined;
  #told: ScreenText[] = [];
  #allowed = MOST_ALLOWED;

  constructor(cols: number, rows: number) {
    this.#emulator = new Emulator(cols, rows);
    this.#capture = new LineCapture(
      this.#emulator,
      (text, lasting) => this.#tell(text, lasting),
      () => this.#allowed > 0,
    );
  }

  write(data: Uint8Array, at: Micros, number: Seq): readonly ScreenText[] {
    // Told with the time of the output that wrote it, as if someone had called settle() in the pause.
    if (at - this.#at > QUIET_MICROS) this.#capture.capture();
    this.#at = at;
    this.#seq = number;
    this.#allowed = Math.min(this.#allowed + ALLOWANCE * data.length, MOST_ALLOWED);
    this.#applySize();
    this.#emulator.write(data);
    return this.#take();
  }

  resize(cols: number, rows: number): void {
    this.#size = { cols, rows };
  }

  settle(): readonly ScreenText[] {
    this.#capture.capture();
    return this.#take();
  }

  /** Only the last of several sizes without output in between is ever seen. */
  #applySize(): void {
    if (this.#size === undefined) return;
    this.#capture.capture();
    this.#emulator.resize(this.#size.cols, this.#size.rows);
    this.#size = undefined;
  }

  #tell(line: string, lasting: boolean): void {
    this.#allowed -= line.length;
    const text = unboxed(line);
    if (text === "" || this.#seen.has(text)) return;
    if (!lasting && !this.#repaints.admit(text)) return;
    this.#seen.learn(text);
    this.#told.push({ text, at: this.#at, seq: this.#seq });
  }

  #take(): readonly ScreenText[] {
    const told = this.#told;
    if (told.length > 0) this.#told = [];
    return told;
  }
}
