import headless from "@xterm/headless";
import { widthProvider } from "./charWidth.js";
import { type CombiningRun, harden } from "./hardening.js";
import type { Core, CoreBuffer, InputHandler } from "./internals.js";
import { unfinishedBytes } from "./utf8Tail.js";

/** The largest screen that is emulated: a recording may claim any size, memory must not follow it. */
export const MAX_COLS = 1000;
export const MAX_ROWS = 1000;

/** Rows kept above the screen: they come back into view when the screen grows. */
export const SCROLLBACK = 100;

/** The longest piece handed to the parser at once: its own buffers grow to 128 Ki characters, and stay. */
const PIECE = 64 * 1024;

const within = (n: number, low: number, high: number): number =>
  Number.isFinite(n) ? Math.max(low, Math.min(high, Math.trunc(n))) : low;

/**
 * A terminal emulator without a display: bytes in, a grid of cells out, synchronously. It answers no queries,
 * opens no links and keeps no titles; whatever the bytes are, its memory stays bounded.
 *
 * This is the one place that knows @xterm/headless. Its public `write` is asynchronous and costs a timer a call;
 * `parse` of its input handler is what that calls in the end, and it is synchronous as long as no handler is not.
 */
export class Emulator {
  readonly input: InputHandler;
  readonly combining: CombiningRun;
  /** How often the emulator failed on its input: the rest of such a piece is not on the screen. */
  faults = 0;
  /** How often the screen, or a part of it, scrolled up by a line feed or by wrapping. */
  scrolled = 0;
  #unfinished: Uint8Array = new Uint8Array();
  readonly #core: Core;

  constructor(cols: number, rows: number) {
    const terminal = new headless.Terminal({
      cols: within(cols, 2, MAX_COLS),
      rows: within(rows, 1, MAX_ROWS),
      scrollback: SCROLLBACK,
      allowProposedApi: true,
      logLevel: "off",
    });
    terminal.unicode.register(widthProvider);
    terminal.unicode.activeVersion = widthProvider.version;
    this.#core = (terminal as unknown as { readonly _core: Core })._core;
    this.input = this.#core._inputHandler;
    this.#core._bufferService.onScroll(() => {
      this.scrolled++;
    });
    this.combining = harden(this.input, this.#core);
  }

  get cols(): number {
    return this.#core._bufferService.cols;
  }

  get rows(): number {
    return this.#core._bufferService.rows;
  }

  /** The buffer that is shown now: the normal or the alternate one. */
  get buffer(): CoreBuffer {
    return this.#core._bufferService.buffers.active;
  }

  get core(): Core {
    return this.#core;
  }

  get isAlternate(): boolean {
    const { active, alt } = this.#core._bufferService.buffers;
    return active === alt;
  }

  /**
   * Whether printing now begins at the left edge of a blank last row of the normal screen, which then scrolls as a
   * whole, with nothing special switched on and nothing half received.
   */
  get atBlankBottom(): boolean {
    const { buffer, rows } = this;
    const { coreService, optionsService, _charsetService } = this.#core;
    const line = buffer.lines.get(buffer.ybase + buffer.y);
    return (
      !this.isAlternate &&
      buffer.x === 0 &&
      buffer.y === rows - 1 &&
      buffer.scrollTop === 0 &&
      buffer.scrollBottom === rows - 1 &&
      line?.isWrapped === false &&
      line.getTrimmedLength() === 0 &&
      this.input._parser.currentState === 0 &&
      this.input._parser.precedingJoinState === 0 &&
      !this.isMidCharacter &&
      _charsetService.charset === undefined &&
      !coreService.modes.insertMode &&
      coreService.decPrivateModes.wraparound &&
      !optionsService.options.convertEol
    );
  }

  /** Whether there is a tab stop every eighth column. */
  get hasUsualTabs(): boolean {
    const { tabs } = this.buffer;
    for (let column = 0; column < this.cols; column++)
      if ((tabs[column] === true) !== (column % 8 === 0)) return false;
    return true;
  }

  /** Whether the first bytes of a character have come, and not the rest. */
  get isMidCharacter(): boolean {
    return this.#unfinished.length > 0;
  }

  write(data: Uint8Array): void {
    for (let at = 0; at < data.length; at += PIECE) this.#whole(data.subarray(at, at + PIECE));
  }

  /**
   * Hands over whole characters only. Of one that comes in two parts, xterm.js 6.0.0 loses whatever follows a byte
   * 0x80 in the first (Utf8ToUtf32.decode takes a continuation of zero for the end): every second dash, quotation mark
   * and bullet begins so.
   */
  #whole(piece: Uint8Array): void {
    const bytes = this.#unfinished.length === 0 ? piece : Buffer.concat([this.#unfinished, piece]);
    const left = unfinishedBytes(bytes);
    // A copy: a Buffer's own slice would be the caller's memory.
    this.#unfinished = Uint8Array.prototype.slice.call(bytes, bytes.length - left);
    this.#parse(bytes.subarray(0, bytes.length - left));
  }

  /** Sizes outside 2–1000 columns and 1–1000 rows are brought inside. */
  resize(cols: number, rows: number): void {
    const [width, height] = [within(cols, 2, MAX_COLS), within(rows, 1, MAX_ROWS)];
    if (width === this.cols && height === this.rows) return;
    this.#core._bufferService.resize(width, height);
    const { normal, alt } = this.#core._bufferService.buffers;
    // An alternate screen that is not in use keeps room for the rows it had before: it would scroll back.
    if (alt.lines.length === 0) alt.lines.maxLength = height;
    // Rows of the alternate screen keep cells beyond its right edge.
    for (let i = 0; i < alt.lines.length; i++) alt.lines.get(i)?.resize(width, alt.getNullCell());
    // Grown again after a shrink, the alternate screen may begin below its first row and end behind its last.
    for (const buffer of [normal, alt]) {
      const over = buffer.ybase + height - buffer.lines.length;
      if (buffer.lines.length < height || over <= 0) continue;
      buffer.ybase -= over;
      buffer.ydisp = buffer.ybase;
    }
  }

  #parse(piece: Uint8Array): void {
    try {
      this.input.parse(piece);
    } catch {
      // The emulator is not ours and its input is hostile: start again from a sane parser.
      this.input._parser.reset();
      this.faults++;
    }
  }
}
