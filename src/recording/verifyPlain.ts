import { byteOffset, seq } from "../core/units.js";
import { type BlockHeader, decodeBlockHeader, FrameScan } from "./block.js";
import { chainOf } from "./chain.js";
import type { RecordingChecker } from "./checker.js";
import { BLOCK, BLOCK_MAGIC, FRAME, HEADER, MAX_PAYLOAD } from "./layout.js";
import { findBlock, type PlainBlock } from "./plain.js";
import type { Problem } from "./problems.js";
import { findAgain } from "./resync.js";
import type { ByteWindow } from "./window.js";

const MAGIC = Buffer.alloc(4);
MAGIC.writeUInt32LE(BLOCK_MAGIC);

/** After so many bytes other work gets its turn. */
const TURN = 16 * 1024 * 1024;

/** Checks the blocks of a plain recording up to the end of the file, whatever is in between. */
export async function verifyPlain(
  window: ByteWindow,
  checker: RecordingChecker,
  report: (problem: Problem) => void,
): Promise<void> {
  let turn = TURN;
  for (let at: number = HEADER.size; ; ) {
    if (at > turn) {
      await new Promise(setImmediate);
      turn = at + TURN;
    }
    const found = findBlock(window, at);
    const offset = byteOffset(at);
    const { ended } = checker.continuity;
    if (found.is === "end") {
      if (!ended) report({ kind: "no-end", offset });
      return;
    }
    if (ended) {
      report({ kind: "after-end", offset, bytes: window.size - at });
      return;
    }
    if (found.is === "zeros") {
      report({ kind: "zeros", offset, bytes: window.size - at });
      return;
    }
    if (found.is === "torn") {
      checkTorn(window, at, found.header, checker, report);
      return;
    }
    if (found.is === "nothing") {
      at = nextBlock(window, at + 1, checker.continuity.number);
      report({ kind: "no-block", offset, until: byteOffset(at) });
      checker.lost();
      if (at === window.size) return;
      continue;
    }
    if (lostWithPower(window, found, checker.chain)) {
      checkTorn(window, at, found.header, checker, report);
      return;
    }
    checker.block({ ...found, inPlace: true, seal: found.header.sealed ? found.seal : undefined });
    at += found.header.size;
  }
}

/** Whether the last block is one whose end was still zeros on the disk when the power failed. */
function lostWithPower(window: ByteWindow, block: PlainBlock, chain: Buffer | undefined): boolean {
  const end = block.offset + block.header.size;
  const last = block.seal.at(-1) ?? block.chain.at(-1);
  if (last !== 0 || window.zerosFrom >= end) return false;
  return chain === undefined || !chainOf(chain, block.covered).equals(block.chain);
}

/** A block that the file ends in is told as torn, unless what is there of it is no beginning of this block. */
function checkTorn(
  window: ByteWindow,
  at: number,
  header: BlockHeader | undefined,
  checker: RecordingChecker,
  report: (problem: Problem) => void,
): void {
  const { number, seq: frames } = checker.continuity;
  const offset = byteOffset(at);
  report({ kind: "torn", offset });
  if (header === undefined) return;
  if (header.number !== number)
    report({ kind: "block-out-of-place", offset, block: header.number, expected: number });
  const written = Math.min(window.size, window.zerosFrom) - at - BLOCK.header;
  const body = window.read(at + BLOCK.header, Math.max(0, Math.min(written, header.length)));
  const sound = soundFrames(body);
  if (sound !== undefined)
    report({
      kind: "frame-damaged",
      offset: byteOffset(at + BLOCK.header),
      block: header.number,
      frame: seq(frames + sound),
    });
}

/** How many frames are sound before one that is damaged; undefined when there is none, only perhaps a torn one. */
function soundFrames(body: Buffer): number | undefined {
  const scan = new FrameScan(body);
  let count = 0;
  let next = 0;
  for (; scan.next(); count++) next = scan.end + FRAME.crc;
  if (!scan.damaged || body.length - next < FRAME.header) return undefined;
  const length = body.readUInt32LE(next);
  const torn = length <= MAX_PAYLOAD && next + FRAME.overhead + length > body.length;
  return torn ? undefined : count;
}

/** Where the next block with a number from `least` on starts; the size of the file when there is none. */
const nextBlock = (window: ByteWindow, from: number, least: number): number =>
  findAgain(window, from, MAGIC, BLOCK.header, (bytes, at) => {
    const header = decodeBlockHeader(bytes, at);
    return header !== undefined && header.number >= least;
  });
