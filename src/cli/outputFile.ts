import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, write, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { BodycamError, messageOf, systemCode } from "../core/errors.js";

type Pieces = Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/**
 * Writes a new file (0600) piece by piece. It stands under its name only when it is whole. What is there already is
 * replaced only with `force`. `-` is standard output, which must not be a terminal: recorded text could take it over.
 * @throws BodycamError `bad-usage` when there is a file already, `not-a-terminal`, `io`
 */
export async function writeOutputFile(
  path: string,
  pieces: Pieces,
  options: { readonly force: boolean },
): Promise<void> {
  if (path === "-") return writeToPipe(pieces);
  if (!options.force && existsSync(path)) throw isThere(path);
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const fd = openSync(draft, "wx", 0o600);
    try {
      for await (const piece of pieces) writeWhole(fd, bytesOf(piece));
    } finally {
      closeSync(fd);
    }
    if (options.force) renameSync(draft, path);
    else linkSync(draft, path);
  } catch (error) {
    if (error instanceof BodycamError) throw error;
    if (systemCode(error) === "EEXIST" && !options.force) throw isThere(path);
    throw new BodycamError("io", `${path} can't be written (${messageOf(error)}).`, {
      hint: "Check the directory and the space on its disk.",
      cause: error,
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

const bytesOf = (piece: Uint8Array | string): Uint8Array =>
  typeof piece === "string" ? Buffer.from(piece) : piece;

const isThere = (path: string): BodycamError =>
  new BodycamError("bad-usage", `${path} is there already.`, {
    hint: "Give another name, or --force to replace it.",
  });

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

async function writeToPipe(pieces: Pieces): Promise<void> {
  if (process.stdout.isTTY) {
    throw new BodycamError("not-a-terminal", "Recorded bytes are not written to a terminal.", {
      hint: "Send them to a pipe, or give a file: -o FILE",
    });
  }
  for await (const piece of pieces) {
    const bytes = bytesOf(piece);
    for (let done = 0; done < bytes.length; ) {
      const count = await writeOnce(bytes.subarray(done));
      if (count === 0) await pause(2);
      done += count;
    }
  }
}

/** A pipe that is full at the moment takes nothing. One whose reader has left ends us quietly. */
function writeOnce(bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(1, bytes, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === "EAGAIN") resolve(0);
      else if (error.code === "EPIPE") process.exit(0);
      else reject(error);
    });
  });
}
