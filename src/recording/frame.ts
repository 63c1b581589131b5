import type { EventBody, SessionMeta, TerminalSize, TranscriptPiece } from "../core/event.js";
import { KIND, MAX_PAYLOAD } from "./layout.js";
import { encodeObservation } from "./observationFrame.js";

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
    case "observation":
      return { code: KIND.observation, payload: encodeObservation(body.observation, body.happened) };
    case "transcript":
      return { code: KIND.transcript, payload: encodeTranscript(body.piece, body.data) };
    case "end":
      return { code: KIND.end, payload: json(body.exit) };
    case "unknown":
      return { code: body.code, payload: body.data };
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

/** How long the piece's origin is stands before it, in two bytes. */
function encodeTranscript(piece: TranscriptPiece, data: Uint8Array): Buffer {
  const origin = json(piece);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16LE(origin.length, 0);
  return Buffer.concat([length, origin, data]);
}
