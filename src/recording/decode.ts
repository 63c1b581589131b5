import type { EventBody, TerminalSize } from "../core/event.js";
import { asBuffer, KIND } from "./layout.js";
import {
  decodeEnd,
  decodeGap,
  decodeNotice,
  decodeObservation,
  decodeOpen,
  decodeTranscript,
} from "./payload.js";

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
    case KIND.observation:
      return decodeObservation(payload);
    case KIND.transcript:
      return decodeTranscript(payload);
    case KIND.end:
      return decodeEnd(payload);
    default:
      return undefined;
  }
}

const decodeSize = (bytes: Buffer): TerminalSize => ({
  cols: bytes.readUInt16LE(0),
  rows: bytes.readUInt16LE(2),
  xpixel: bytes.readUInt16LE(4),
  ypixel: bytes.readUInt16LE(6),
});
