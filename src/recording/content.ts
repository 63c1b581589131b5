import { write } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Recording } from "./reader.js";

/** Where bytes go: a file descriptor, or a function that may be waited for. */
export type Sink = number | ((bytes: Uint8Array) => void | Promise<void>);

/** Pieces are joined to at least this before they are passed on. */
const PIECE = 512 * 1024;

/**
 * Passes on everything that the agent wrote to its terminal, byte for byte, as far as the recording can be read
 * (`recording.stop` says why not further). @returns how many bytes @throws what the sink throws
 */
export const writeOutput = (recording: Recording, sink: Sink): Promise<number> =>
  writeBytes(recording, "output", sink);

/** The same for everything that was sent to the agent. */
export const writeInput = (recording: Recording, sink: Sink): Promise<number> =>
  writeBytes(recording, "input", sink);

/** The same for the agent's own transcripts that the recording holds, one behind the other. */
export const writeTranscripts = (recording: Recording, sink: Sink): Promise<number> =>
  writeBytes(recording, "transcript", sink);

type BytesKind = "output" | "input" | "transcript";

async function writeBytes(recording: Recording, kind: BytesKind, sink: Sink): Promise<number> {
  const put = typeof sink === "number" ? (bytes: Uint8Array) => writeFully(sink, bytes) : sink;
  let pieces: Uint8Array[] = [];
  let waiting = 0;
  let total = 0;
  const flush = async (): Promise<void> => {
    if (waiting > 0) await put(Buffer.concat(pieces, waiting));
    total += waiting;
    pieces = [];
    waiting = 0;
  };
  for (const event of recording.events()) {
    if (event.kind !== kind) continue;
    pieces.push(event.data);
    waiting += event.data.length;
    if (waiting >= PIECE) await flush();
  }
  await flush();
  return total;
}

/** Writes all of `bytes` to a descriptor, which may be a pipe that is full at times. */
async function writeFully(fd: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const count = await writeOnce(fd, bytes.subarray(done));
    if (count === 0) await pause(2);
    done += count;
  }
}

function writeOnce(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === "EAGAIN") resolve(0);
      else reject(error);
    });
  });
}
