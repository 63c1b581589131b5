import type { EventBody, SessionMeta, TerminalSize } from "../core/event.js";
import { asBuffer, KIND, MAX_PAYLOAD } from "./layout.js";
import { decodeEnd, decodeGap, decodeNotice, decodeOpen } from "./payload.js";

/** An event as it lies in a file: a kind's number and its payload. */
export interface RawFrame {
  readonly code: number;
  readonly payload: Uint8Array;
}

const EMPTY = new Uint8Array(0);

/** The kind and payload of an event. Byte payloads are not copied. Pure. */
export function encodeBody(body: EventBody): RawFrame {
  switch (body.kind) {
    case "open":
      return { code: KIND.open, payload: encodeOpen(body.meta) };
    case "output":
      return { code: KIND.output, payload: body.data };
    case "input":
      return { code: KIND.input, payload: body.data };
    case "masked":
      return { code: KIND.masked, payload: u32(body.bytes) };
    case "resize":
      return { code: KIND.resize, payload: encodeSize(body.size) };
    case "signal":
      return { code: KIND.signal, payload: Buffer.from(body.signal) };
    case "suspend":
      return { code: KIND.suspend, payload: EMPTY };
    case "resume":
      return { code: KIND.resume, payload: EMPTY };
    case "gap":
      return { code: KIND.gap, payload: json(body.gap) };
    case "notice":
      return { code: KIND.notice, payload: json(body.notice) };
    case "end":
      return { code: KIND.end, payload: json(body.exit) };
    case "unknown":
      return { code: body.code, payload: body.data };
  }
}

/**
 * The event of a kind and payload. Byte payloads are views of `payload`, not copies. A kind that is not known, or
 * a payload that is not as its kind says, comes back as `unknown`: it was signed, so it is kept. Pure, never throws.
 */
export function decodeBody(code: number, payload: Uint8Array): EventBody {
  return decodeKnown(code, payload) ?? { kind: "unknown", code, data: payload };
}

function decodeKnown(code: number, payload: Uint8Array): EventBody | undefined {
  switch (code) {
    case KIND.output:
      return { kind: "output", data: payload };
    case KIND.input:
      return { kind: "input", data: payload };
    case KIND.open:
      return decodeOpen(payload);
    case KIND.masked:
      return payload.length === 4 ? { kind: "masked", bytes: asBuffer(payload).readUInt32LE(0) } : undefined;
    case KIND.resize:
      return payload.length === 8 ? { kind: "resize", size: decodeSize(asBuffer(payload)) } : undefined;
    case KIND.signal: {
      const signal = asBuffer(payload).toString("latin1");
      return /^SIG[A-Z0-9+-]{1,16}$/.test(signal) ? { kind: "signal", signal } : undefined;
    }
    case KIND.suspend:
      return payload.length === 0 ? { kind: "suspend" } : undefined;
    case KIND.resume:
      return payload.length === 0 ? { kind: "resume" } : undefined;
    case KIND.gap:
      return decodeGap(payload);
    case KIND.notice:
      return decodeNotice(payload);
    case KIND.end:
      return decodeEnd(payload);
    default:
      return undefined;
  }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/**
 * The payload of the open frame. A command can be longer than a frame holds (Linux allows some megabytes of
 * arguments): then the last arguments give way to one that says how many they were.
 */
function encodeOpen(meta: SessionMeta): Buffer {
  for (let kept = meta.command.length, whole = json(meta); ; kept = Math.floor(kept / 2)) {
    if (whole.length <= MAX_PAYLOAD || kept === 0) return whole;
    const left = Math.floor(kept / 2);
    const note = `… ${meta.command.length - left} more arguments`;
    whole = json({ ...meta, command: [...meta.command.slice(0, left), note] });
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(Math.min(value, 0xffff_ffff), 0);
  return bytes;
}

function encodeSize(size: TerminalSize): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  [size.cols, size.rows, size.xpixel, size.ypixel].forEach((n, i) => {
    bytes.writeUInt16LE(Math.max(0, Math.min(n, 0xffff)), i * 2);
  });
  return bytes;
}

const decodeSize = (bytes: Buffer): TerminalSize => ({
  cols: bytes.readUInt16LE(0),
  rows: bytes.readUInt16LE(2),
  xpixel: bytes.readUInt16LE(4),
  ypixel: bytes.readUInt16LE(6),
});
