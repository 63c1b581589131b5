import { createDeflateRaw } from "node:zlib";

/** A cast of more bytes than this is not put into a page: a browser would need too long, and too much memory. */
const LARGEST = 64 * 1024 * 1024;

/** Keeps a compressed copy of a cast that passes by, for the report. */
export class CastKeeper {
  readonly #deflater = createDeflateRaw({ level: 4, chunkSize: 128 * 1024 });
  #kept: Buffer[] = [];
  #size = 0;

  constructor() {
    this.#deflater.on("data", (piece: Buffer) => this.#kept.push(piece));
  }

  /** The same pieces; a copy of them is kept. */
  async *passing(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      this.#size += piece.length;
      if (this.#size > LARGEST) this.#kept = [];
      else if (!this.#deflater.write(piece))
        await new Promise<void>((resolve) => this.#deflater.once("drain", resolve));
      yield piece;
    }
  }

  /** What was kept, in base64; undefined when it was too much. */
  async base64(): Promise<string | undefined> {
    const ended = new Promise<void>((resolve) => this.#deflater.once("end", resolve));
    this.#deflater.end();
    await ended;
    return this.#size > LARGEST ? undefined : Buffer.concat(this.#kept).toString("base64");
  }
}
