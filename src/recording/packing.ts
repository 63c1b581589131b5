import { brotliCompress, constants } from "node:zlib";

/** A segment is closed when its output or its table has grown to this. */
export const SEGMENT_TARGET = 3 * 1024 * 1024;

const KB = 1024;
const MB = 1024 * KB;

/** Compressed bytes are gathered in pieces of this: few of them, and none that is mostly empty. */
const CHUNK = 256 * KB;

/** Compresses in the thread pool, with brotli's quality from 0 to 11. */
export function compress(bytes: Uint8Array, quality: number): Promise<Buffer> {
  if (bytes.length === 0) return Promise.resolve(Buffer.alloc(0));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: windowFor(bytes.length),
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return new Promise((resolve, reject) => {
    brotliCompress(bytes, { params, chunkSize: CHUNK }, (error, stored) =>
      error === null ? resolve(stored) : reject(error),
    );
  });
}

/** The smallest window that spans all of it, at most 4 MiB. */
const windowFor = (length: number): number => Math.min(22, Math.max(16, Math.ceil(Math.log2(length + 16))));

/** Frames shorter than this on average are a program's that draws its screen, which takes its time to fill a disk. */
const SMALL_FRAME = 1000;

/**
 * How hard the output of a segment is compressed. Measured on one core with terminal output: quality 11 does 1 MB/s,
 * 10 does 4, 9 does 25, 6 does 80. Screens that are drawn again and again leave so little that what the frames cost
 * beside it shows, and need the higher ones; a flood of text must get done.
 * @param length of the segment's output @param frames in the segment @param whole length of the whole recording
 */
export function outputQuality(length: number, frames: number, whole: number): number {
  if (length <= 192 * KB) return 11;
  if (length < frames * SMALL_FRAME && whole <= 64 * MB) return 10;
  return length <= 2 * MB ? 9 : 6;
}

/** How hard the table of a segment is compressed. */
export const tableQuality = (length: number): number => (length <= 100 * KB ? 11 : length <= MB ? 9 : 6);
