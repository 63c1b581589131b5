import { closeSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { BodycamError } from "../core/errors.js";
import { compressionOf } from "../formats/detect.js";
import { ZstdStream } from "../observe/transcripts/zst.js";
import { type OpenFile, openForReading, readStart } from "../recording/openFile.js";

const PIECE = 256 * 1024;
/** A small file that unpacks to more than this is made to fill a disk. */
const MOST_UNPACKED = 1024 * 1024 * 1024;

export interface UnpackOptions {
  /** Where bytes go, piece by piece. They are not valid after it returns. */
  readonly to: (bytes: Uint8Array) => void;
  /** Told now and then: bytes of the file that are done, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How many bytes a compressed file may become. */
  readonly most?: number;
}

/**
 * Reads a file to its end, unpacked when it is gzip or zstd by its first bytes. Memory stays bounded.
 * @returns whether it was whole: a compressed file that is cut short gives what there is
 * @throws BodycamError `no-session` when there is no such file, `io`, `not-a-recording` for a bomb
 */
export async function unpack(path: string, options: UnpackOptions): Promise<boolean> {
  const file = openForReading(path);
  try {
    switch (compressionOf(readStart(file, 4))) {
      case "gzip":
        return await gunzip(file, limited(path, options), options);
      case "zstd":
        return unzstd(file, limited(path, options), options);
      case undefined:
        for (const piece of pieces(file, options)) options.to(piece);
        return true;
    }
  } finally {
    closeSync(file.fd);
  }
}

function* pieces(file: OpenFile, { onProgress }: UnpackOptions): Generator<Uint8Array, void> {
  const buffer = Buffer.allocUnsafeSlow(PIECE);
  for (let at = 0; ; ) {
    const count = readSync(file.fd, buffer, 0, buffer.length, at);
    if (count === 0) return;
    at += count;
    yield buffer.subarray(0, count);
    onProgress?.(at, file.size);
  }
}

function limited(path: string, { to, most = MOST_UNPACKED }: UnpackOptions): UnpackOptions["to"] {
  let total = 0;
  return (bytes) => {
    total += bytes.length;
    if (total > most) {
      throw new BodycamError("not-a-recording", `${path} unpacks to more than ${most} bytes.`, {
        hint: "Unpack it yourself, if you trust it, and give the file that comes out.",
      });
    }
    to(bytes);
  };
}

/** Each piece goes through before the next one is read: what it becomes is never held. */
async function gunzip(file: OpenFile, to: UnpackOptions["to"], options: UnpackOptions): Promise<boolean> {
  const stream = createGunzip();
  let failed: unknown;
  let refused: unknown;
  stream.on("data", (bytes: Buffer) => {
    if (refused !== undefined) return;
    try {
      to(bytes);
    } catch (error) {
      refused = error;
      stream.destroy();
    }
  });
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  stream.once("error", (error) => {
    failed = error;
  });
  for (const piece of pieces(file, options)) {
    if (stream.destroyed) break;
    // A copy: the buffer is read into again, and the stream may still hold it.
    await Promise.race([
      closed,
      new Promise<void>((resolve) => stream.write(Buffer.from(piece), () => resolve())),
    ]);
  }
  if (!stream.destroyed) stream.end();
  await closed;
  if (refused !== undefined) throw refused;
  return failed === undefined;
}

function unzstd(file: OpenFile, to: UnpackOptions["to"], options: UnpackOptions): boolean {
  const stream = new ZstdStream(to);
  try {
    for (const piece of pieces(file, options)) stream.push(Uint8Array.from(piece), false);
    stream.push(new Uint8Array(0), true);
    return true;
  } catch (error) {
    if (error instanceof BodycamError) throw error;
    return false;
  }
}
