import type { Container } from "./container.js";

const LARGEST = 64 * 1024 * 1024;

/** A file of a container as a whole, for those that are to be small. @throws Error when it can't be read or is not */
export async function readSmall(container: Container, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of container.read(path)) {
    size += piece.length;
    if (size > LARGEST) throw new Error("it is far too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}
