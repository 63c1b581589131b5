import type { EventBody } from "../core/event.js";
import type { LineState } from "../pty/native.js";

/**
 * What the recording may keep of typed bytes. A program that reads a password leaves the terminal in canonical mode and
 * switches the echo off: then only how much was typed is kept.
 */
export function recordedInput(bytes: Uint8Array, line: LineState | undefined, mask: boolean): EventBody {
  const secret = mask && line?.canonical && !line.echo;
  return secret ? { kind: "masked", bytes: bytes.length } : { kind: "input", data: bytes };
}
