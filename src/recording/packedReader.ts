import { systemCode } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import { byteOffset, seq } from "../core/units.js";
import { EMPTY_BLOCK } from "./columns.js";
import { decodeBody } from "./decode.js";
import { HEADER, KIND } from "./layout.js";
import { type FoundSegment, findSegment, openSegment } from "./packed.js";
import type { Problem } from "./problems.js";
import type { ByteWindow } from "./window.js";

/**
 * The events of a packed recording, up to the first thing that is not as described, which is returned. Checksums are
 * checked; the chain and the seals are for `verify`.
 */
export function* packedEvents(window: ByteWindow): Generator<SessionEvent, Problem | undefined> {
  let segment = 0;
  let nextBlock = 0;
  let place = 0;
  let ended = false;
  let last = 0;
  for (let at: number = HEADER.size; ; segment++) {
    const offset = byteOffset(at);
    let found: FoundSegment;
    try {
      found = findSegment(window, at);
    } catch (error) {
      return { kind: "unreadable", offset, code: systemCode(error) ?? "" };
    }
    if (found.is === "end") return ended ? undefined : { kind: "no-end", offset };
    if (ended) return { kind: "after-end", offset, bytes: window.size - at };
    if (found.is === "torn") return { kind: "torn", offset };
    if (found.is === "nothing") return { kind: "segment-damaged", offset, segment, what: "header" };
    const { header } = found;
    const { firstBlock } = header;
    if (firstBlock !== nextBlock)
      return { kind: "block-out-of-place", offset, block: firstBlock, expected: nextBlock };
    if (header.time < last) return { kind: "block-disagrees", offset, block: firstBlock, what: "time" };
    nextBlock += header.blocks;
    const columns = openSegment(found);
    if (typeof columns === "string") return { kind: "segment-damaged", offset, segment, what: columns };
    for (let block = firstBlock - 1; columns.next(); ) {
      if (columns.startsBlock) block++;
      if (columns.code === EMPTY_BLOCK) continue;
      const what = ended ? "end" : (place === 0) !== (columns.code === KIND.open) ? "open" : undefined;
      if (what !== undefined) return { kind: "frame-misplaced", offset, block, frame: seq(place), what };
      ended = columns.code === KIND.end;
      yield { ...decodeBody(columns.code, columns.payload), at: columns.at, seq: seq(place++) };
    }
    last = columns.at;
    if (columns.damaged) return { kind: "segment-damaged", offset, segment, what: "columns" };
    at += found.size;
  }
}
