import { byteOffset } from "../core/units.js";
import type { RecordingChecker } from "./checker.js";
import { HEADER, SEGMENT, SEGMENT_MAGIC } from "./layout.js";
import { BlockRebuilder, findSegment, openSegment, type Segment } from "./packed.js";
import type { Problem, SegmentDamage } from "./problems.js";
import { findAgain } from "./resync.js";
import { decodeSegmentHeader } from "./segment.js";
import type { ByteWindow } from "./window.js";

/** Checks the segments of a packed recording up to the end of the file, whatever is in between. */
export async function verifyPacked(
  window: ByteWindow,
  checker: RecordingChecker,
  report: (problem: Problem) => void,
): Promise<void> {
  // Whether the last segment could be read: of another nobody knows whether the session ended in it.
  let read = true;
  for (let at: number = HEADER.size, index = 0; ; index++) {
    await new Promise(setImmediate);
    const found = findSegment(window, at);
    const offset = byteOffset(at);
    const { ended } = checker.continuity;
    if (found.is === "end") {
      if (!ended && read) report({ kind: "no-end", offset });
      return;
    }
    if (ended) {
      report({ kind: "after-end", offset, bytes: window.size - at });
      return;
    }
    if (found.is === "segment") {
      read = checkSegment(found, index, checker, report);
      at += found.size;
      continue;
    }
    const next = nextSegment(window, at + 1);
    // Only a pure end may be missing: with a segment behind it, this one was changed.
    const torn = found.is === "torn" && next === window.size;
    report(
      torn ? { kind: "torn", offset } : { kind: "segment-damaged", offset, segment: index, what: "header" },
    );
    if (next === window.size) return;
    checker.lost();
    at = next;
  }
}

/** @returns whether all of it could be read */
function checkSegment(
  segment: Segment,
  index: number,
  checker: RecordingChecker,
  report: (problem: Problem) => void,
): boolean {
  const { header, chainBefore, seal, offset } = segment;
  const tell = (what: SegmentDamage): void =>
    report({ kind: "segment-damaged", offset: byteOffset(offset), segment: index, what });
  if (chainBefore !== undefined) checker.stated(offset, header.firstBlock, chainBefore);
  const columns = openSegment(segment);
  if (typeof columns === "string") {
    tell(columns);
    checker.passOver(header);
    return false;
  }
  const blocks = new BlockRebuilder(columns, header.firstBlock);
  for (let count = 1, block = blocks.next(); block !== undefined; count++, block = blocks.next()) {
    const last = count === header.blocks;
    if (count === 1 && block.header.time !== header.time) tell("columns");
    if (last && !block.header.sealed) tell("unsealed");
    checker.block({ ...block, offset, inPlace: false, chain: undefined, seal: last ? seal : undefined });
  }
  if (!columns.damaged) return true;
  tell("columns");
  checker.lost();
  return false;
}

const MAGIC = Buffer.alloc(4);
MAGIC.writeUInt32LE(SEGMENT_MAGIC);

/** Where the next segment starts; the size of the file when there is none. */
const nextSegment = (window: ByteWindow, from: number): number =>
  findAgain(window, from, MAGIC, SEGMENT.header, (bytes, at) => decodeSegmentHeader(bytes, at) !== undefined);
