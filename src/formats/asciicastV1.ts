import { parseCastEvent, readCastEvent } from "./castEvent.js";
import { readCastHead } from "./castHeader.js";
import { Findings } from "./findings.js";
import { type FormatReader, type Head, LONGEST_EVENT, LONGEST_HEADER, type Read } from "./foreign.js";
import { ForeignTime } from "./foreignTime.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

const STDOUT = /^\s*"stdout"\s*:\s*$/;

/**
 * asciicast version 1: one JSON object, with the frames in its member `stdout`. It is taken apart as it comes, so
 * that a long one needs no more memory than its longest frame, and one that is cut short gives what is there.
 * https://docs.asciinema.org/manual/asciicast/v1
 */
export class AsciicastV1Reader implements FormatReader {
  readonly #findings: Findings;
  readonly #time: ForeignTime;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #inFrames = false;
  /** The member or frame that is being read. */
  #piece: Buffer[] | undefined;
  #length = 0;
  #members: string[] = [];
  #membersLength = 0;
  #frame = 0;
  #head: Head | undefined;
  #over = false;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#time = new ForeignTime(findings);
  }

  *push(chunk: Uint8Array): Generator<Read, void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#quoted = false;
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#quoted = true;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET: {
          this.#depth++;
          const member = this.#depth === 2 && byte === OPEN_BRACKET && !this.#inFrames;
          if (member && STDOUT.test(this.#soFar(bytes.subarray(from, at)))) {
            this.#inFrames = true;
            this.#drop();
          } else if (this.#depth === 1 || (this.#inFrames && this.#depth === 3)) {
            this.#begin();
            from = this.#depth === 1 ? at + 1 : at;
          }
          break;
        }
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          if (this.#inFrames && this.#depth === 3) yield* this.#endFrame(bytes.subarray(from, at + 1));
          else if (this.#inFrames && this.#depth === 2) this.#inFrames = false;
          else if (this.#depth === 1) {
            yield* this.#endMember(bytes.subarray(from, at));
            this.#over = true;
          }
          this.#depth = Math.max(0, this.#depth - 1);
          break;
        case COMMA:
          if (this.#depth !== 1) break;
          yield* this.#endMember(bytes.subarray(from, at));
          this.#begin();
          from = at + 1;
          break;
      }
    }
    this.#hold(bytes.subarray(from));
  }

  *end(): Generator<Read, void> {
    if (!this.#over) this.#findings.add("cut-short", undefined, this.#length);
    yield* this.#headed();
  }

  #begin(): void {
    this.#piece = [];
    this.#length = 0;
  }

  #drop(): void {
    this.#piece = undefined;
    this.#length = 0;
  }

  #hold(part: Buffer): void {
    if (this.#piece === undefined) return;
    this.#length += part.length;
    if (this.#length > (this.#inFrames ? LONGEST_EVENT : LONGEST_HEADER)) this.#piece = [];
    else this.#piece.push(Buffer.from(part));
  }

  /** The piece up to here, when it is short. */
  #soFar(part: Buffer): string {
    if (this.#length + part.length > 256) return "";
    return Buffer.concat([...(this.#piece ?? []), part]).toString("utf8");
  }

  /** The whole piece with its last part; undefined when it is too long. */
  #take(part: Buffer): Buffer | undefined {
    this.#hold(part);
    const whole = Buffer.concat(this.#piece ?? []);
    const complete = this.#piece === undefined || whole.length === this.#length;
    this.#drop();
    return complete ? whole : undefined;
  }

  *#endMember(part: Buffer): Generator<Read, void> {
    const member = this.#take(part)?.toString("utf8").trim();
    if (member === undefined) this.#findings.add("bad-header");
    if (!member) return;
    this.#membersLength += member.length;
    if (this.#membersLength > LONGEST_HEADER) return this.#findings.add("bad-header");
    this.#members.push(member);
    if (this.#head === undefined) return;
    // The header's members should stand in front of the frames.
    const { size } = readCastHead(`{${this.#members.join(",")}}`, new Findings());
    if (this.#head.size !== undefined || size === undefined) return;
    this.#findings.add("size-late");
    this.#head = { ...this.#head, size };
    const body = { kind: "resize", size: { ...size, xpixel: 0, ypixel: 0 } } as const;
    yield { kind: "event", at: this.#time.now, body };
  }

  *#endFrame(part: Buffer): Generator<Read, void> {
    const frame = ++this.#frame;
    yield* this.#headed();
    const length = this.#length + part.length;
    const bytes = this.#take(part);
    if (bytes === undefined) return this.#findings.add("event-too-long", frame, length);
    const event = parseCastEvent(bytes, false);
    if (event === undefined) return this.#findings.add("bad-event", frame, bytes.length);
    const read = readCastEvent(event, this.#time.after(event.time, frame), frame, this.#findings);
    if (read !== undefined) yield read;
  }

  *#headed(): Generator<Read, void> {
    if (this.#head !== undefined) return;
    this.#head = readCastHead(`{${this.#members.join(",")}}`, this.#findings);
    yield { kind: "head", head: this.#head };
  }
}
