import { brotliDecompressSync, crc32 } from "node:zlib";
import { type BlockHeader, encodeBlockHeader, isSound } from "./block.js";
import { ColumnScan } from "./columnScan.js";
import { EMPTY_BLOCK } from "./columns.js";
import {
  BLOCK,
  CHAIN_SIZE,
  FLAG_END,
  FLAG_SEALED,
  FRAME,
  MAX_BODY,
  putU64,
  SEAL_SIZE,
  SEGMENT,
  SEGMENT_MAGIC,
} from "./layout.js";
import type { SegmentDamage } from "./problems.js";
import { chainBeforeSize, decodeSegmentHeader, type SegmentHeader, segmentSize } from "./segment.js";
import type { ByteWindow } from "./window.js";

/** A segment of a packed recording, its parts still compressed. */
export interface Segment {
  readonly is: "segment";
  readonly offset: number;
  readonly header: SegmentHeader;
  readonly size: number;
  readonly storedTable: Buffer;
  readonly storedOutput: Buffer;
  /** The chain's value before the segment; undefined for the first one, which follows the genesis. */
  readonly chainBefore: Buffer | undefined;
  readonly seal: Buffer;
}

/** What is found where a segment should start. */
export type FoundSegment =
  | Segment
  | { readonly is: "end" }
  | { readonly is: "torn" }
  | { readonly is: "nothing" };

/** Looks at `at` for a segment. @throws the system's error when the file can't be read */
export function findSegment(window: ByteWindow, at: number): FoundSegment {
  const rest = window.size - at;
  if (rest <= 0) return { is: "end" };
  const head = window.read(at, SEGMENT.header);
  if (head.length < SEGMENT.header) return beginsLikeSegment(head) ? { is: "torn" } : { is: "nothing" };
  const header = decodeSegmentHeader(head, 0);
  if (header === undefined) return { is: "nothing" };
  const size = segmentSize(header);
  const bytes = size > rest ? head : window.read(at, size);
  if (bytes.length < size) return { is: "torn" };
  const tableAt = SEGMENT.header + chainBeforeSize(header);
  const outputAt = tableAt + header.storedTable;
  const sealAt = outputAt + header.storedOutput;
  return {
    is: "segment",
    offset: at,
    header,
    size,
    storedTable: bytes.subarray(tableAt, outputAt),
    storedOutput: bytes.subarray(outputAt, sealAt),
    chainBefore: tableAt > SEGMENT.header ? bytes.subarray(SEGMENT.header, tableAt) : undefined,
    seal: bytes.subarray(sealAt, sealAt + SEAL_SIZE),
  };
}

const MAGIC = Buffer.alloc(4);
MAGIC.writeUInt32LE(SEGMENT_MAGIC);

function beginsLikeSegment(head: Buffer): boolean {
  const length = Math.min(head.length, MAGIC.length);
  return head.subarray(0, length).equals(MAGIC.subarray(0, length));
}

/** The columns of a segment, or what is wrong with it. Never makes more of it than its header says. */
export function openSegment(segment: Segment): ColumnScan | SegmentDamage {
  const { header, storedTable, storedOutput } = segment;
  if (crc32(storedOutput, crc32(storedTable)) !== header.crcOfStored) return "checksum";
  const table = decompress(storedTable, header.table);
  const output = decompress(storedOutput, header.output);
  if (table === undefined || output === undefined) return "compression";
  const columns = new ColumnScan(header, table, output);
  return columns.damaged ? "columns" : columns;
}

function decompress(stored: Buffer, length: number): Buffer | undefined {
  if (length === 0 && stored.length === 0) return stored;
  try {
    // One piece of the right size, and a little more so that no second one is begun.
    const chunkSize = length + 64;
    const bytes = brotliDecompressSync(stored, { maxOutputLength: Math.max(1, length), chunkSize });
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** A block as the plain form has it, without its chain value and seal. */
export interface RebuiltBlock {
  readonly header: BlockHeader;
  readonly covered: Buffer;
  readonly body: Buffer;
}

/** Makes plain blocks of columns again. Each block is valid until the next. */
export class BlockRebuilder {
  readonly #columns: ColumnScan;
  #number: number;
  /** Whether `columns` stands at an item that is still to be taken. */
  #more: boolean;
  #bytes = Buffer.allocUnsafeSlow(256 * 1024);

  constructor(columns: ColumnScan, firstBlock: number) {
    this.#columns = columns;
    this.#number = firstBlock;
    this.#more = columns.next();
  }

  /** The next block; undefined behind the last one, or when `columns.damaged`. */
  next(): RebuiltBlock | undefined {
    const columns = this.#columns;
    if (!this.#more) return undefined;
    const { flags, at: time } = columns;
    let end: number = BLOCK.header;
    let frames = 0;
    do {
      if (columns.code !== EMPTY_BLOCK) {
        end = this.#frame(end);
        frames++;
      }
      if (end - BLOCK.header > MAX_BODY) return this.#broken();
      this.#more = columns.next();
    } while (this.#more && !columns.startsBlock);
    const length = end - BLOCK.header;
    if (columns.damaged || !isSound(flags, frames, length)) return this.#broken();
    const number = this.#number++;
    encodeBlockHeader(this.#bytes, 0, { number, length, frames, time, flags });
    const sealed = (flags & FLAG_SEALED) !== 0;
    const size = end + CHAIN_SIZE + (sealed ? SEAL_SIZE : 0);
    return {
      header: { number, length, frames, time, flags, sealed, end: (flags & FLAG_END) !== 0, size },
      covered: this.#bytes.subarray(0, end),
      body: this.#bytes.subarray(BLOCK.header, end),
    };
  }

  #frame(start: number): number {
    const { payload, code, at } = this.#columns;
    const crcAt = start + FRAME.header + payload.length;
    this.#reserve(crcAt + FRAME.crc);
    const bytes = this.#bytes;
    bytes.writeUInt32LE(payload.length, start);
    bytes.writeUInt32LE(code, start + FRAME.kind);
    putU64(bytes, at, start + FRAME.time);
    bytes.set(payload, start + FRAME.header);
    bytes.writeUInt32LE(crc32(bytes.subarray(start, crcAt)), crcAt);
    return crcAt + FRAME.crc;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(length * 2);
    grown.set(this.#bytes, 0);
    this.#bytes = grown;
  }

  #broken(): undefined {
    this.#columns.damaged = true;
    this.#more = false;
    return undefined;
  }
}
