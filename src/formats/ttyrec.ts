import type { SessionEvent } from "../core/event.js";
import type { Findings } from "./findings.js";
import { type FormatReader, isSide, type Read } from "./foreign.js";
import { ForeignTime } from "./foreignTime.js";

/**
 * ttyrec: frames of seconds, microseconds and length (32 bits each, unsigned, little-endian), and so many bytes of
 * output. Times are the wall clock's, or counted from 0. It knows neither input nor sizes; termrec and others write
 * the size as a control sequence (CSI 8 ; rows ; columns t) into the first frame.
 */
const HEADER = 12;
/** A frame up to this is one event. */
const LONGEST_EVENT = 1024 * 1024;
/** Seconds beyond this are a wall clock's: 1971 and later. */
const WALL_CLOCK = 366 * 24 * 3600;

/** Whether a file that starts like this may be a ttyrec: text never has such zeros, and zeros alone hold nothing. */
export function looksLikeTtyrec(start: Buffer): boolean {
  if (!isFrame(start, 0) || start.readUInt32LE(8) === 0) return false;
  const next = HEADER + start.readUInt32LE(8);
  return next + HEADER > start.length || isFrame(start, next);
}

const isFrame = (bytes: Buffer, at: number): boolean =>
  bytes.length >= at + HEADER &&
  bytes.readUInt32LE(at + 4) < 1e6 &&
  bytes.readUInt32LE(at + 8) <= 16 * LONGEST_EVENT;

export class TtyrecReader implements FormatReader {
  readonly #findings: Findings;
  readonly #time: ForeignTime;
  #held: Buffer = Buffer.alloc(0);
  #frame = 0;
  /** Of the frame whose data is being read: how much is to come. */
  #left: number | undefined;
  #last: number | undefined;
  #headed = false;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#time = new ForeignTime(findings);
  }

  *push(bytes: Uint8Array): Generator<Read, void> {
    let rest: Buffer = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    for (;;) {
      if (this.#left === undefined) {
        if (rest.length < HEADER) break;
        this.#begin(rest);
        rest = rest.subarray(HEADER);
      }
      const piece = Math.min(this.#left ?? 0, LONGEST_EVENT);
      if (rest.length < piece) break;
      yield* this.#data(rest.subarray(0, piece));
      rest = rest.subarray(piece);
    }
    this.#held = rest;
  }

  *end(): Generator<Read, void> {
    const rest = this.#held;
    if (this.#left !== undefined && rest.length > 0) yield* this.#data(rest);
    if (this.#left !== undefined || rest.length > 0)
      this.#findings.add("cut-short", undefined, this.#left === undefined ? rest.length : 0);
    if (!this.#headed) yield this.#head(Buffer.alloc(0), 0);
  }

  #begin(header: Buffer): void {
    const at = header.readUInt32LE(0) * 1e6 + header.readUInt32LE(4);
    if (header.readUInt32LE(4) >= 1e6) this.#findings.add("bad-timing", this.#frame + 1);
    this.#left = header.readUInt32LE(8);
    this.#frame++;
    this.#time.afterMicros(this.#last === undefined ? 0 : at - this.#last, this.#frame);
    this.#last = at;
  }

  *#data(data: Buffer): Generator<Read, void> {
    if (!this.#headed) yield this.#head(data, this.#last ?? 0);
    this.#left = (this.#left ?? 0) - data.length;
    yield { kind: "event", at: this.#time.now, body: { kind: "output", data: Uint8Array.from(data) } };
    if (this.#left === 0) this.#left = undefined;
  }

  #head(data: Buffer, first: number): Read {
    this.#headed = true;
    const told = /\x1b\[8;(\d{1,5});(\d{1,5})t/.exec(data.subarray(0, 4096).toString("latin1"));
    const [rows, cols] = [Number(told?.[1]), Number(told?.[2])];
    return {
      kind: "head",
      head: {
        size: isSide(cols) && isSide(rows) ? { cols, rows } : undefined,
        term: undefined,
        command: undefined,
        startedAt: first >= WALL_CLOCK * 1e6 ? first : undefined,
        text: "",
      },
    };
  }
}

const LAST_SECOND = 0xffff_ffff;

/** A session's output as a ttyrec. @param startedAt wall clock, microseconds since 1970 */
export function* writeTtyrec(
  events: Iterable<SessionEvent>,
  startedAt: number,
  findings: Findings,
): Generator<Uint8Array, void> {
  let start = startedAt;
  for (const event of events) {
    switch (event.kind) {
      case "open":
        // Times must fit in 32 bits of seconds, the session's end included.
        if (start < 0 || start / 1e6 > LAST_SECOND - 10 * WALL_CLOCK) {
          findings.add("start-left");
          start = 0;
        }
        findings.add("resize-left");
        break;
      case "output": {
        const at = start + event.at;
        const frame = Buffer.alloc(HEADER + event.data.length);
        frame.writeUInt32LE(Math.min(Math.floor(at / 1e6), LAST_SECOND), 0);
        frame.writeUInt32LE(at % 1e6, 4);
        frame.writeUInt32LE(event.data.length, 8);
        frame.set(event.data, HEADER);
        yield frame;
        break;
      }
      case "input":
        findings.add("input-left", undefined, event.data.length);
        break;
      case "masked":
        findings.add("masked-left", undefined, event.bytes);
        break;
      case "resize":
        findings.add("resize-left");
        break;
      case "end":
        break;
      case "notice":
        if (event.notice.what !== "import") findings.add("event-left");
        break;
      default:
        findings.add("event-left");
    }
  }
}
