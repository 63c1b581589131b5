import { closeSync, createReadStream, read as fsRead } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32, createInflateRaw } from "node:zlib";
import { BodycamError } from "../../core/errors.js";
import { openForReading } from "../../recording/openFile.js";
import { openNameless } from "../../recording/place.js";
import { type Container, type SeekableFile, staysInside } from "../container.js";
import { writeFully } from "../writeFully.js";
import type { EntryFault } from "./entryFault.js";
import { type ArchiveFile, readZip } from "./readZip.js";

const PIECE = 512 * 1024;
const readAt = promisify(fsRead);

export interface ZipContainer extends Container {
  /** Size and checksum of a file that is stored as it is; undefined for a compressed one. */
  stored(name: string): { readonly size: number; readonly crc32: number } | undefined;
}

/** Opens a zip file. @throws BodycamError when the file itself can't be opened; what is in it is told as faults */
export async function openZip(path: string): Promise<ZipContainer> {
  const { fd, size } = openForReading(path);
  const directory = await readZip(fd, size);
  const faults: EntryFault[] = [...directory.faults];
  const files = new Map<string, ArchiveFile>();
  for (const file of directory.files) {
    if (staysInside(file.name)) files.set(file.name, file);
    else faults.push({ reason: "path", file: file.name });
  }
  const find = (name: string): ArchiveFile => {
    const file = files.get(name);
    if (file === undefined) throw new BodycamError("io", `There is no ${name} in ${path}.`);
    return file;
  };
  return {
    kind: "zip",
    files: new Map([...files].map(([name, file]) => [name, file.size])),
    faults,
    read: (name) => content(fd, find(name)),
    open: (name) => openEntry(fd, find(name)),
    stored: (name) => {
      const { packed, size, crc32: sum } = find(name);
      return packed ? undefined : { size, crc32: sum };
    },
    close: () => closeSync(fd),
  };
}

/** A file's bytes, checked on the way against its size and its checksum. */
async function* content(fd: number, file: ArchiveFile): AsyncGenerator<Uint8Array> {
  let size = 0;
  let sum = 0;
  for await (const piece of file.packed ? inflated(fd, file) : raw(fd, file)) {
    size += piece.length;
    if (size > file.size) throw new Error("it is longer than the zip file says");
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== file.size) throw new Error("it is shorter than the zip file says");
  if (sum !== file.crc32) throw new Error("its checksum in the zip file does not agree");
}

async function* raw(fd: number, file: ArchiveFile): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.packedSize; ) {
    const bytes = Buffer.allocUnsafe(Math.min(PIECE, file.packedSize - at));
    const { bytesRead } = await readAt(fd, bytes, 0, bytes.length, file.from + at);
    if (bytesRead === 0) throw new Error("the zip file ends inside it");
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

function inflated(fd: number, file: ArchiveFile): AsyncIterable<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: 128 * 1024 });
  if (file.packedSize === 0) {
    inflater.end();
    return inflater;
  }
  const packed = createReadStream("", {
    fd,
    autoClose: false,
    start: file.from,
    end: file.from + file.packedSize - 1,
    highWaterMark: 128 * 1024,
  });
  packed.on("error", (error) => inflater.destroy(error));
  return packed.pipe(inflater);
}

/** Stored files are read where they are; a compressed one through a copy that no name leads to. */
async function openEntry(fd: number, file: ArchiveFile): Promise<SeekableFile> {
  if (!file.packed) return { file: { fd, size: file.size, from: file.from }, close: () => {} };
  const copy = openNameless(join(tmpdir(), "bodycam"));
  try {
    for await (const piece of content(fd, file)) writeFully(copy, piece);
    return { file: { fd: copy, size: file.size }, close: () => closeSync(copy) };
  } catch (error) {
    closeSync(copy);
    throw error;
  }
}
