const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
/** A sequence longer than this is not followed; no safe point is seen until the next one starts. */
const LONGEST = 4096;

/**
 * Knows whether the terminal is between two things at this moment: not within an escape sequence, not within a
 * character of several bytes. Only then may the camera write something of its own (a bell, a notification).
 * Costs one backwards search for ESC per piece of output.
 */
export class SafePoint {
  #tail: Uint8Array = new Uint8Array(0);
  #overlong = false;

  /** Tells of bytes that went to the terminal. */
  passed(bytes: Uint8Array): void {
    const start = bytes.lastIndexOf(ESC);
    // The ESC of a string's end (ESC \) says nothing without what was before it, but leads to the ground state all the same.
    if (start >= 0) {
      this.#overlong = false;
      this.#tail =
        bytes.length - start > LONGEST ? this.#tooLong(bytes) : Uint8Array.from(bytes.subarray(start));
      return;
    }
    if (this.#overlong) {
      this.#tooLong(bytes);
      return;
    }
    if (this.#tail.length + bytes.length <= LONGEST) this.#tail = Buffer.concat([this.#tail, bytes]);
    else this.#tail = this.#tooLong(Buffer.concat([this.#tail, bytes]));
  }

  /** After a long run of plain text only its last bytes matter, unless the run is a string that has not ended. */
  #tooLong(bytes: Uint8Array): Uint8Array {
    const start = bytes.lastIndexOf(ESC);
    if (this.#overlong) {
      const ended = bytes.includes(BEL) || bytes.includes(CAN) || bytes.includes(SUB);
      this.#overlong = !ended;
    } else {
      this.#overlong = start >= 0 && !isGround(bytes.subarray(start));
    }
    return Uint8Array.from(bytes.subarray(bytes.length - 8).filter((byte) => byte !== ESC));
  }

  /** Whether something else may be written now. */
  get reached(): boolean {
    return !this.#overlong && isGround(this.#tail) && endsWholeCharacter(this.#tail);
  }
}

/** Whether `bytes`, which hold no ESC but at their start, end outside of any escape sequence. */
function isGround(bytes: Uint8Array): boolean {
  if (bytes[0] !== ESC) return true;
  const kind = bytes[1];
  if (kind === undefined) return false;
  switch (kind) {
    case 0x5b: // CSI: ends with a final byte, or is cancelled
      return bytes.subarray(2).some((byte) => (byte >= 0x40 && byte <= 0x7e) || byte === CAN || byte === SUB);
    case 0x5d: // OSC: ends with BEL (the other end, ESC \, would be a later ESC)
      return bytes.subarray(2).some((byte) => byte === BEL || byte === CAN || byte === SUB);
    case 0x50: // DCS
    case 0x58: // SOS
    case 0x5e: // PM
    case 0x5f: // APC
      return bytes.subarray(2).some((byte) => byte === CAN || byte === SUB);
    default: // ESC, intermediate bytes, one final byte
      return bytes.subarray(1).some((byte) => byte >= 0x30 || byte === CAN || byte === SUB);
  }
}

/** Whether the last bytes are not the beginning of a UTF-8 character. */
function endsWholeCharacter(bytes: Uint8Array): boolean {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return true;
    if (byte >= 0xc0) return back >= (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  return true;
}
