import type { Exit } from "../core/event.js";
import type { Findings } from "./findings.js";
import { type FormatReader, isSide, LONGEST_HEADER, type Read } from "./foreign.js";
import { ForeignTime } from "./foreignTime.js";
import { type FileLine, LineCutter } from "./lines.js";
import { exitOf, exitOfFooter, FooterCutter, headOfScript, SCRIPT_STARTED } from "./scriptFrame.js";
import { parseTimingLine, type TimingLine } from "./scriptTiming.js";

/** A file that is read as the timing asks for it. */
export interface ByteSource {
  /** The next `count` bytes; fewer only at the end. Valid until the next call. */
  take(count: number): Uint8Array;
}

/** What the timing asks for is read in pieces of this. */
const PIECE = 1024 * 1024;
const MOST_FIELDS = 64;
const LONGEST_FIRST_LINE = 64 * 1024;

/**
 * script(1)'s typescript with its timing, classic or advanced: `push` takes the timing, and the typescripts are read
 * as it says. https://man7.org/linux/man-pages/man1/script.1.html, scriptreplay of util-linux
 */
export class TimedTypescriptReader implements FormatReader {
  readonly #output: ByteSource;
  readonly #input: ByteSource | undefined;
  readonly #findings: Findings;
  readonly #time: ForeignTime;
  readonly #lines = new LineCutter(LONGEST_HEADER);
  readonly #fields = new Map<string, string>();
  #headed = false;
  #exit: Exit | undefined;
  readonly #firstLine: string;

  /** @param input the file of `--log-in`, when there is one of its own */
  constructor(output: ByteSource, input: ByteSource | undefined, findings: Findings) {
    this.#output = output;
    this.#input = input;
    this.#findings = findings;
    this.#time = new ForeignTime(findings);
    // As scriptreplay does: the first line of each log is script's own, in whatever language.
    this.#firstLine = takeLine(output);
    if (input !== undefined) takeLine(input);
  }

  *push(bytes: Uint8Array): Generator<Read, void> {
    for (const line of this.#lines.push(bytes)) yield* this.#line(line);
  }

  *end(): Generator<Read, void> {
    for (const line of this.#lines.end()) yield* this.#line(line);
    yield* this.#head();
    const cutter = new FooterCutter();
    for (let piece = this.#output.take(PIECE); piece.length > 0; piece = this.#output.take(PIECE))
      yield* this.#left(cutter.push(piece));
    const { data, footer } = cutter.end();
    yield* this.#left(data);
    const exit = this.#exit ?? exitOfFooter(footer);
    if (exit !== undefined) yield { kind: "exit", at: this.#time.now, exit };
  }

  *#line({ bytes, number, length, open }: FileLine): Generator<Read, void> {
    const text = bytes?.toString("utf8").trimEnd();
    if (text === "") return;
    const line = text === undefined ? undefined : parseTimingLine(text);
    if (line === undefined) {
      this.#findings.add(open ? "cut-short" : "bad-timing", number, length);
      return;
    }
    if (line.kind === "header") return this.#header(line);
    yield* this.#head();
    const at = this.#time.after(line.pause, number);
    if (line.kind === "data") return yield* this.#data(line, number);
    const [, rows, cols] = /^ROWS=(\d{1,5}) COLS=(\d{1,5})$/.exec(line.value) ?? [];
    const size = { cols: Number(cols), rows: Number(rows), xpixel: 0, ypixel: 0 };
    if (line.name === "SIGWINCH" && isSide(size.cols) && isSide(size.rows))
      yield { kind: "event", at, body: { kind: "resize", size } };
    else if (/^SIG[A-Z0-9+-]{1,16}$/.test(line.name))
      yield { kind: "event", at, body: { kind: "signal", signal: line.name } };
    else this.#findings.add("bad-timing", number, length);
  }

  #header({ name, value }: TimingLine & { kind: "header" }): void {
    if (name === "EXIT_CODE") this.#exit = exitOf(value);
    else if (!this.#headed && this.#fields.size < MOST_FIELDS && value.length <= 4096)
      this.#fields.set(name, value);
  }

  *#head(): Generator<Read, void> {
    if (this.#headed) return;
    this.#headed = true;
    yield { kind: "head", head: headOfScript({ firstLine: this.#firstLine, fields: this.#fields }) };
  }

  *#data({ stream, bytes }: TimingLine & { kind: "data" }, line: number): Generator<Read, void> {
    const kind = stream === "I" ? "input" : "output";
    const source = kind === "output" ? this.#output : this.#inputSource();
    if (source === undefined) return this.#findings.add("input-missing", line, bytes);
    for (let left = bytes; left > 0; ) {
      const data = Uint8Array.from(source.take(Math.min(left, PIECE)));
      left -= data.length;
      if (data.length === 0) return this.#findings.add("data-missing", line, left);
      yield { kind: "event", at: this.#time.now, body: { kind, data } };
    }
  }

  /** With `--log-io`, input and output are in one file, and the timing's headers say so. */
  #inputSource(): ByteSource | undefined {
    const log = this.#fields.get("INPUT_LOG");
    return (
      this.#input ?? (log !== undefined && log === this.#fields.get("OUTPUT_LOG") ? this.#output : undefined)
    );
  }

  *#left(bytes: Uint8Array): Generator<Read, void> {
    if (bytes.length === 0) return;
    this.#findings.add("data-left", undefined, bytes.length);
    yield { kind: "event", at: this.#time.now, body: { kind: "output", data: Uint8Array.from(bytes) } };
  }
}

/** A typescript without timing: all of it at once. */
export class TypescriptReader implements FormatReader {
  readonly #findings: Findings;
  readonly #time: ForeignTime;
  readonly #footer = new FooterCutter();
  #start: Buffer | undefined = Buffer.alloc(0);

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#time = new ForeignTime(findings);
  }

  *push(bytes: Uint8Array): Generator<Read, void> {
    if (this.#start === undefined) return yield* this.#data(this.#footer.push(bytes));
    this.#start = Buffer.concat([this.#start, bytes]);
    if (this.#start.includes(0x0a) || this.#start.length > LONGEST_FIRST_LINE)
      yield* this.#begin(this.#start);
  }

  *end(): Generator<Read, void> {
    if (this.#start !== undefined) yield* this.#begin(this.#start);
    const { data, footer } = this.#footer.end();
    yield* this.#data(data);
    const exit = exitOfFooter(footer);
    if (exit !== undefined) yield { kind: "exit", at: this.#time.now, exit };
  }

  *#begin(start: Buffer): Generator<Read, void> {
    this.#start = undefined;
    const titled = start.subarray(0, SCRIPT_STARTED.length).toString("latin1") === SCRIPT_STARTED;
    const end = titled ? start.indexOf(0x0a) + 1 || start.length : 0;
    const firstLine = start.subarray(0, end).toString("utf8").trimEnd();
    this.#findings.add("no-timing");
    yield { kind: "head", head: headOfScript({ firstLine, fields: new Map() }) };
    yield* this.#data(this.#footer.push(start.subarray(end)));
  }

  *#data(bytes: Uint8Array): Generator<Read, void> {
    if (bytes.length === 0) return;
    yield { kind: "event", at: this.#time.now, body: { kind: "output", data: Uint8Array.from(bytes) } };
  }
}

/** Takes the first line of a file, without its end; of a longer one than any is, the rest is gone. */
function takeLine(source: ByteSource): string {
  const line: number[] = [];
  for (;;) {
    const [byte] = source.take(1);
    if (byte === undefined || byte === 0x0a) return Buffer.from(line).toString("utf8").trimEnd();
    if (line.length < LONGEST_FIRST_LINE) line.push(byte);
  }
}
