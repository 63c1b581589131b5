import { Decompress } from "fzstd";

/** zstd's own limit for what it decompresses without being asked. */
const LARGEST_WINDOW = 128 * 1024 * 1024;

/**
 * Decompresses zstd, chunk by chunk, in bounded memory. In JavaScript, because Node has zstd only since 22.15 and one way
 * that is tested everywhere is better than two; such files are rare and small.
 */
export class ZstdStream {
  readonly #decompress: Decompress;
  #started = false;

  constructor(onData: (bytes: Uint8Array) => void) {
    this.#decompress = new Decompress((bytes) => onData(bytes));
  }

  /** Throws an Error when the bytes are not zstd, are damaged, or ask for more memory than zstd itself would give. */
  push(chunk: Uint8Array, last: boolean): void {
    if (!this.#started && chunk.length > 0) {
      this.#started = true;
      if (windowOf(chunk) > LARGEST_WINDOW) throw new Error("the zstd window is too large");
    }
    this.#decompress.push(chunk, last);
  }
}

/** The window that a frame asks for (RFC 8878, 3.1.1.1), or 0 when it does not say so in these bytes. */
function windowOf(frame: Uint8Array): number {
  const [descriptor, window] = [frame[4], frame[5]];
  if (descriptor === undefined || window === undefined) return 0;
  if ((descriptor & 0x20) === 0) return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  // A single segment: the window is the content, whose size follows the dictionary's number.
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] as number);
  const width = [1, 2, 4, 8][descriptor >> 6] as number;
  let size = 0;
  for (let i = width - 1; i >= 0; i--) size = size * 256 + (frame[at + i] ?? 0);
  return size;
}
