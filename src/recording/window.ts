import { readSync } from "node:fs";

const READ = 1024 * 1024;
const SECTOR = 512;

/**
 * Reads pieces of a file in roughly ascending order, a megabyte at a time. Pieces stay valid when memory is `kept`;
 * when it is `reused`, a piece is valid until the next read. What lies beyond the size that was fixed at the start
 * does not exist. Places are counted from `base`, where the recording begins in its file.
 */
export class ByteWindow {
  readonly fd: number;
  readonly size: number;
  readonly #base: number;
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #zeros: number | undefined;
  readonly #reuse: boolean;
  #memory: Buffer = Buffer.alloc(0);

  constructor(fd: number, size: number, memory: "kept" | "reused", base = 0) {
    this.fd = fd;
    this.size = size;
    this.#base = base;
    this.#reuse = memory === "reused";
  }

  /** The bytes from `at` on, `length` of them or as many as the file still has. @throws the system's error */
  read(at: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - at));
    const skip = at - this.#from;
    if (skip >= 0 && skip + wanted <= this.#bytes.length) return this.#bytes.subarray(skip, skip + wanted);
    const bytes = this.#take(Math.min(Math.max(wanted, READ), Math.max(0, this.size - at)));
    let have = 0;
    while (have < bytes.length) {
      const count = readSync(this.fd, bytes, have, bytes.length - have, this.#base + at + have);
      if (count === 0) break;
      have += count;
    }
    this.#bytes = bytes.subarray(0, have);
    this.#from = at;
    return this.#bytes.subarray(0, wanted);
  }

  #take(length: number): Buffer {
    if (!this.#reuse) return Buffer.allocUnsafeSlow(length);
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(Math.max(length, READ));
    return this.#memory.subarray(0, length);
  }

  /**
   * Where the zero bytes at the end of the file start, if they reach over the beginning of a disk sector: what a
   * file looks like whose length was stored before its data when the power failed. Otherwise the size of the file.
   */
  get zerosFrom(): number {
    this.#zeros ??= this.#findZeros();
    return this.#zeros;
  }

  #findZeros(): number {
    const from = this.#lastNonZero() + 1;
    const sector = Math.ceil(from / SECTOR) * SECTOR;
    return sector < this.size ? from : this.size;
  }

  #lastNonZero(): number {
    const piece = Buffer.alloc(64 * 1024);
    for (let end = this.size; end > 0; end -= piece.length) {
      const from = Math.max(0, end - piece.length);
      const count = readSync(this.fd, piece, 0, end - from, this.#base + from);
      for (let i = count - 1; i >= 0; i--) if (piece[i] !== 0) return from + i;
    }
    return -1;
  }
}
