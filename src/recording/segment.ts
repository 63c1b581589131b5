import { crc32 } from "node:zlib";
import { type Micros, micros } from "../core/units.js";
import { CHAIN_SIZE, getU64, MAX_COLUMN, putU64, SEAL_SIZE, SEGMENT, SEGMENT_MAGIC } from "./layout.js";

/** What the first 48 bytes of a segment say. */
export interface SegmentHeader {
  readonly firstBlock: number;
  readonly blocks: number;
  readonly frames: number;
  /** Lengths of the two compressed parts, and of what is in them. */
  readonly storedTable: number;
  readonly table: number;
  readonly storedOutput: number;
  readonly output: number;
  /** Time of the first block. */
  readonly time: Micros;
  readonly crcOfStored: number;
}

/** Length of what comes between the header and the compressed parts: the chain's value before the segment. */
export const chainBeforeSize = ({ firstBlock }: SegmentHeader): number => (firstBlock === 0 ? 0 : CHAIN_SIZE);

/** Length of a whole segment, its seal included. */
export const segmentSize = (header: SegmentHeader): number =>
  SEGMENT.header + chainBeforeSize(header) + header.storedTable + header.storedOutput + SEAL_SIZE;

const NUMBERS = [
  "firstBlock",
  "blocks",
  "frames",
  "storedTable",
  "table",
  "storedOutput",
  "output",
  "crcOfStored",
] as const;

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT.header);
  bytes.writeUInt32LE(SEGMENT_MAGIC, 0);
  for (const field of NUMBERS) bytes.writeUInt32LE(header[field], SEGMENT[field]);
  putU64(bytes, header.time, SEGMENT.time);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, SEGMENT.crc)), SEGMENT.crc);
  return bytes;
}

/** Reads a segment's header at `at`, where at least 48 bytes must be. Undefined when it is not as described. */
export function decodeSegmentHeader(bytes: Buffer, at: number): SegmentHeader | undefined {
  if (bytes.readUInt32LE(at) !== SEGMENT_MAGIC) return undefined;
  if (bytes.readUInt32LE(at + SEGMENT.crc) !== crc32(bytes.subarray(at, at + SEGMENT.crc))) return undefined;
  const time = getU64(bytes, at + SEGMENT.time);
  if (time === undefined) return undefined;
  const number = (field: (typeof NUMBERS)[number]): number => bytes.readUInt32LE(at + SEGMENT[field]);
  const header: SegmentHeader = {
    firstBlock: number("firstBlock"),
    blocks: number("blocks"),
    frames: number("frames"),
    storedTable: number("storedTable"),
    table: number("table"),
    storedOutput: number("storedOutput"),
    output: number("output"),
    time: micros(time),
    crcOfStored: number("crcOfStored"),
  };
  return isSound(header) ? header : undefined;
}

/** Bytes that a block and a frame take in the table at least. */
const LEAST_OF_BLOCK = 1;
const LEAST_OF_FRAME = 2;

/** Whether the lengths are possible: memory is only given to what passes here. */
function isSound({ blocks, frames, storedTable, table, storedOutput, output }: SegmentHeader): boolean {
  const sizes = [storedTable, table, storedOutput, output];
  if (sizes.some((size) => size > MAX_COLUMN)) return false;
  return blocks > 0 && blocks * LEAST_OF_BLOCK + frames * LEAST_OF_FRAME <= table;
}
