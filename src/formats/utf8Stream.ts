import { isUtf8 } from "node:buffer";

const REPLACEMENT = Buffer.from("\ufffd");

/**
 * Decodes UTF-8 that comes in pieces. A character that is cut by the end of a piece comes with the next one. What is
 * no UTF-8 becomes U+FFFD, and is counted.
 */
export class Utf8Stream {
  #tail: Buffer = Buffer.alloc(0);

  /** @returns the text, and how many bytes were replaced in it */
  push(data: Uint8Array): { readonly text: string; readonly replaced: number } {
    const bytes = this.#tail.length === 0 ? asBuffer(data) : Buffer.concat([this.#tail, data]);
    const whole = bytes.length - unfinished(bytes);
    this.#tail = Buffer.from(bytes.subarray(whole));
    return decode(bytes.subarray(0, whole));
  }

  /** What is left at the end: a character that never got whole. */
  end(): { readonly text: string; readonly replaced: number } {
    const rest = this.#tail;
    this.#tail = Buffer.alloc(0);
    return decode(rest);
  }
}

const asBuffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** How many bytes at the end are the beginning of a character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return byte <= 0xf4 && back < length ? back : 0;
  }
  return 0;
}

function decode(bytes: Buffer): { text: string; replaced: number } {
  const text = bytes.toString("utf8");
  if (isUtf8(bytes)) return { text, replaced: 0 };
  let shown = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) shown++;
  let real = 0;
  for (let at = bytes.indexOf(REPLACEMENT); at >= 0; at = bytes.indexOf(REPLACEMENT, at + 3)) real++;
  return { text, replaced: bytes.length - (Buffer.byteLength(text) - 3 * (shown - real)) };
}
