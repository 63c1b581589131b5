import { crc32 } from "node:zlib";
import type { ColumnBuilder } from "./columns.js";
import { writeAll } from "./disk.js";
import { GrowingBytes } from "./growing.js";
import { compress, outputQuality, tableQuality } from "./packing.js";
import { encodeSegmentHeader } from "./segment.js";

/** How many segments are compressed at a time: more would cost memory, fewer would leave a core idle. */
const AT_A_TIME = 2;

/** Compresses segments in the thread pool, and writes them in their order. */
export class SegmentWriter {
  readonly #fd: number;
  readonly #jobs: Promise<readonly Uint8Array[]>[] = [];
  readonly #whole: number;
  readonly #memory: GrowingBytes[] = [];
  #lent: GrowingBytes | undefined;
  #start: Uint8Array | undefined;
  #size = 0;

  /** `start` is the file's header; `whole` the length of the recording, which decides how hard it is compressed. */
  constructor(fd: number, start: Uint8Array, whole: number) {
    this.#fd = fd;
    this.#start = start;
    this.#whole = whole;
  }

  /** Memory for the output of the next segment, which `add` takes back. */
  lend(): GrowingBytes {
    const memory = this.#memory.pop() ?? new GrowingBytes(64 * 1024);
    memory.clear();
    this.#lent = memory;
    return memory;
  }

  /** Takes a segment. Resolves when there is room for the next. @throws the system's error */
  async add(columns: ColumnBuilder, seal: Uint8Array): Promise<void> {
    const memory = this.#lent;
    const job = segmentBytes(columns, seal, this.#whole).finally(() => {
      if (memory !== undefined) this.#memory.push(memory);
    });
    job.catch(() => {}); // It is waited for below.
    this.#jobs.push(job);
    if (this.#jobs.length >= AT_A_TIME) await this.#writeNext();
  }

  /** Writes what is still being compressed. @returns the length of the file */
  async finish(): Promise<number> {
    while (this.#jobs.length > 0) await this.#writeNext();
    return this.#size;
  }

  async #writeNext(): Promise<void> {
    const job = this.#jobs.shift();
    if (job === undefined) return;
    const pieces = await job;
    const bytes = this.#start === undefined ? pieces : [this.#start, ...pieces];
    this.#start = undefined;
    const written = await writeAll(this.#fd, bytes, this.#size);
    if (written.error !== undefined) throw written.error;
    this.#size += written.bytes;
  }
}

async function segmentBytes(
  columns: ColumnBuilder,
  seal: Uint8Array,
  whole: number,
): Promise<readonly Uint8Array[]> {
  const { firstBlock, blocks, frames, time, chainBefore } = columns;
  const table = columns.table();
  const output = columns.output();
  const [storedTable, storedOutput] = await Promise.all([
    compress(table, tableQuality(table.length)),
    compress(output, outputQuality(output.length, frames, whole)),
  ]);
  const header = encodeSegmentHeader({
    firstBlock,
    blocks,
    frames,
    time,
    storedTable: storedTable.length,
    table: table.length,
    storedOutput: storedOutput.length,
    output: output.length,
    crcOfStored: crc32(storedOutput, crc32(storedTable)),
  });
  const before = firstBlock === 0 ? [] : [chainBefore];
  return [header, ...before, storedTable, storedOutput, seal];
}
