import { parseCastEvent, readCastEvent } from "./castEvent.js";
import { readCastHead } from "./castHeader.js";
import type { Findings } from "./findings.js";
import { type FormatReader, LONGEST_EVENT, LONGEST_HEADER, type Read } from "./foreign.js";
import { ForeignTime } from "./foreignTime.js";
import { type FileLine, LineCutter } from "./lines.js";

const HASH = 0x23;
const BOM = Buffer.from("\ufeff");

/**
 * asciicast versions 2 and 3: a header and events, each a line of JSON. Version 2 counts times from the start,
 * version 3 from the event before, and may have comments.
 * https://docs.asciinema.org/manual/asciicast/v2 and v3
 */
export class AsciicastReader implements FormatReader {
  readonly #version: 2 | 3;
  readonly #findings: Findings;
  readonly #lines = new LineCutter(LONGEST_EVENT);
  readonly #time: ForeignTime;
  #headed = false;

  constructor(version: 2 | 3, findings: Findings) {
    this.#version = version;
    this.#findings = findings;
    this.#time = new ForeignTime(findings);
  }

  *push(bytes: Uint8Array): Generator<Read, void> {
    for (const line of this.#lines.push(bytes)) yield* this.#line(line);
  }

  *end(): Generator<Read, void> {
    for (const line of this.#lines.end()) yield* this.#line(line);
    if (!this.#headed) yield this.#head(undefined);
  }

  *#line(line: FileLine): Generator<Read, void> {
    if (!this.#headed) yield this.#head(line.bytes);
    else yield* this.#event(line);
  }

  #head(line: Buffer | undefined): Read {
    this.#headed = true;
    const bytes = line?.subarray(0, 3).equals(BOM) ? line.subarray(3) : line;
    const known = bytes !== undefined && bytes.length <= LONGEST_HEADER;
    return { kind: "head", head: readCastHead(known ? bytes.toString("utf8") : "", this.#findings) };
  }

  *#event({ bytes, number, length, open }: FileLine): Generator<Read, void> {
    if (bytes === undefined) return this.#findings.add("event-too-long", number, length);
    if (isBlank(bytes)) return;
    if (this.#version === 3 && bytes[0] === HASH) return this.#findings.add("comment", number);
    const event = parseCastEvent(bytes, true);
    if (event === undefined) return this.#findings.add(open ? "cut-short" : "bad-event", number, length);
    const at = this.#version === 3 ? this.#time.after(event.time, number) : this.#time.at(event.time, number);
    const read = readCastEvent(event, at, number, this.#findings);
    if (read !== undefined) yield read;
  }
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.length < 256 && bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
