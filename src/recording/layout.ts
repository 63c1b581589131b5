/**
 * docs/format.md in numbers: magics, sizes, offsets and limits. Nothing else in bodycam knows them.
 * All numbers in a file are little-endian and unsigned.
 */

export const FILE_MAGIC = Uint8Array.of(0x89, 0x42, 0x43, 0x41, 0x4d, 0x0d, 0x0a, 0x1a);
export const FORMAT_VERSION = 1;

export const HEADER = {
  size: 72,
  version: 8,
  form: 10,
  reserved: 11,
  session: 12,
  startedAt: 28,
  publicKey: 36,
  crc: 68,
} as const;

/** `BLCK`, read as a little-endian number. */
export const BLOCK_MAGIC = 0x4b434c42;
export const BLOCK = {
  header: 32,
  number: 4,
  length: 8,
  frames: 12,
  time: 16,
  flags: 24,
  reserved: 25,
  crc: 28,
} as const;
export const FLAG_SEALED = 1;
export const FLAG_END = 2;
export const MAX_BODY = 4 * 1024 * 1024;

export const CHAIN_SIZE = 32;
export const SEAL_SIZE = 64;
export const PUBLIC_KEY_SIZE = 32;

/** What a frame adds to its payload: a header before it and a checksum after it. */
export const FRAME = { header: 16, kind: 4, reserved: 5, time: 8, crc: 4, overhead: 20 } as const;
export const MAX_PAYLOAD = 1024 * 1024;

export const KIND = {
  open: 1,
  output: 2,
  input: 3,
  masked: 4,
  resize: 5,
  signal: 6,
  suspend: 7,
  resume: 8,
  gap: 9,
  notice: 10,
  end: 11,
  observation: 12,
  transcript: 13,
} as const;

/** Writes a 64-bit number; `value` is a whole number below 2^53. */
export function putU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value % 0x1_0000_0000, at);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

/** Reads a 64-bit number, or undefined when it is 2^53 or more (no recording lasts 285 years). */
export function getU64(bytes: Buffer, at: number): number | undefined {
  const high = bytes.readUInt32LE(at + 4);
  return high > 0x1f_ffff ? undefined : high * 0x1_0000_0000 + bytes.readUInt32LE(at);
}

/** The bytes of `data` as a Buffer over the same memory. */
export const asBuffer = (data: Uint8Array): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Whether every byte from `from` to `to` is 0. */
export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** `SGMT`, read as a little-endian number. */
export const SEGMENT_MAGIC = 0x544d4753;
export const SEGMENT = {
  header: 48,
  firstBlock: 4,
  blocks: 8,
  frames: 12,
  storedTable: 16,
  table: 20,
  storedOutput: 24,
  output: 28,
  time: 32,
  crcOfStored: 40,
  crc: 44,
} as const;
/** What the table and the output of a segment may be, uncompressed and stored. */
export const MAX_COLUMN = 32 * 1024 * 1024;
