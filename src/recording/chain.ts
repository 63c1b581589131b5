import { createHash, hash } from "node:crypto";
import { HEADER } from "./layout.js";

const GENESIS_PREFIX = "bodycam recording\n";

/** The value that the chain of a recording starts from: the same for both of its forms. */
export function genesis(header: Uint8Array): Buffer {
  const covered = Buffer.from(header.subarray(0, HEADER.crc));
  covered[HEADER.form] = 0;
  return createHash("sha256").update(GENESIS_PREFIX).update(covered).digest();
}

/**
 * The next value of the chain, for bytes that hold the value before and then the block's header and body,
 * one after the other. One call without copying: this runs on the thread that serves the terminal.
 */
export const chainOfJoined = (previousThenBlock: Uint8Array): Buffer =>
  hash("sha256", previousThenBlock, "buffer");

/** The next value of the chain. `covered` is the block's header and body. */
export const chainOf = (previous: Uint8Array, covered: Uint8Array): Buffer =>
  createHash("sha256").update(previous).update(covered).digest();
