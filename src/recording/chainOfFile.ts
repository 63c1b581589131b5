import { chainOf, genesis } from "./chain.js";
import { HEADER } from "./layout.js";
import { findBlock } from "./plain.js";
import { ByteWindow } from "./window.js";

/** After so many bytes other work gets its turn. */
const TURN = 16 * 1024 * 1024;

/**
 * The chain's value behind the first `size` bytes of a plain recording, made from its bytes alone; undefined when
 * they are no whole blocks. @throws the system's error
 */
export async function chainOfFile(fd: number, size: number): Promise<Buffer | undefined> {
  const window = new ByteWindow(fd, size, "reused");
  let chain = genesis(window.read(0, HEADER.size));
  let turn = TURN;
  for (let at: number = HEADER.size; at < size; ) {
    const found = findBlock(window, at);
    if (found.is !== "block") return undefined;
    chain = chainOf(chain, found.covered);
    at += found.header.size;
    if (at < turn) continue;
    turn = at + TURN;
    await new Promise(setImmediate);
  }
  return chain;
}
