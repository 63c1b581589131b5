import { randomBytes } from "node:crypto";

const MARK_LENGTH = 48;

/**
 * A mark that is sent through the agent's terminal after the agent's exit and taken out again on the other side: when
 * it has come through, so has everything that was written before it. Made of digits, which no terminal mode changes.
 */
export class DrainMark {
  readonly bytes: Uint8Array = randomBytes(MARK_LENGTH).map((byte) => 0x30 + (byte % 10));
  #held: Uint8Array = new Uint8Array(0);
  #found = false;

  /** Whether the whole mark has come through. */
  get found(): boolean {
    return this.#found;
  }

  /** Takes the mark, or what may be the start of it, out of a piece of output. */
  strip(piece: Uint8Array): Uint8Array {
    if (this.#found) return piece;
    const bytes =
      this.#held.length === 0
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
        : Buffer.concat([this.#held, piece]);
    const at = bytes.indexOf(this.bytes);
    if (at >= 0) {
      this.#found = true;
      this.#held = new Uint8Array(0);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + MARK_LENGTH)]);
    }
    const start = bytes.length - this.#beginningAtEnd(bytes);
    this.#held = Uint8Array.from(bytes.subarray(start));
    return bytes.subarray(0, start);
  }

  /** How many bytes at the end of `bytes` are the beginning of the mark. */
  #beginningAtEnd(bytes: Buffer): number {
    for (let length = Math.min(MARK_LENGTH - 1, bytes.length); length > 0; length--) {
      if (bytes.subarray(bytes.length - length).equals(this.bytes.subarray(0, length))) return length;
    }
    return 0;
  }
}
