import { systemCode } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import { byteOffset, type Seq, seq } from "../core/units.js";
import type { Bookmarks } from "./bookmarks.js";
import { EMPTY_BLOCK } from "./columns.js";
import { decodeBody } from "./decode.js";
import { HEADER, KIND } from "./layout.js";
import { type FoundSegment, findSegment, openSegment } from "./packed.js";
import type { Problem } from "./problems.js";
import type { ByteWindow } from "./window.js";

/**
 * The events of a packed recording from a frame on, up to the first thing that is not as described, which is
 * returned. Checksums are checked; the chain and the seals are for `verify`.
 */
export function* packedEvents(
  window: ByteWindow,
  from: Seq,
  bookmarks: Bookmarks,
): Generator<SessionEvent, Problem | undefined> {
  const start = bookmarks.before(from);
  let segment = start?.segment ?? 0;
  let nextBlock = start?.block ?? 0;
  let place = start?.seq ?? 0;
  let last = start?.time ?? 0;
  let ended = false;
  for (let at: number = start?.offset ?? HEADER.size; ; segment++) {
    if (!ended) bookmarks.offer({ seq: place, offset: at, block: nextBlock, segment, time: last });
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
      const number = seq(place++);
      if (number >= from) yield { ...decodeBody(columns.code, columns.payload), at: columns.at, seq: number };
    }
    last = columns.at;
    if (columns.damaged) return { kind: "segment-damaged", offset, segment, what: "columns" };
    at += found.size;
  }
}
