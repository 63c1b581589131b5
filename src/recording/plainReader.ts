import { systemCode } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import { byteOffset, micros, type Seq, seq } from "../core/units.js";
import { FrameScan } from "./block.js";
import type { Bookmark, Bookmarks } from "./bookmarks.js";
import { Continuity } from "./continuity.js";
import { decodeBody } from "./decode.js";
import { BLOCK, HEADER } from "./layout.js";
import { findBlock } from "./plain.js";
import type { Problem } from "./problems.js";
import type { ByteWindow } from "./window.js";

/**
 * The events of a plain recording from a frame on, up to the first thing that is not as described, which is
 * returned. Checksums are checked; the chain and the seals are for `verify`.
 */
export function* plainEvents(
  window: ByteWindow,
  from: Seq,
  bookmarks: Bookmarks,
): Generator<SessionEvent, Problem | undefined> {
  const start = bookmarks.before(from);
  const continuity = continuedAt(start);
  for (let at: number = start?.offset ?? HEADER.size; ; ) {
    const { number: block, time } = continuity;
    if (!continuity.ended) bookmarks.offer({ seq: continuity.seq, offset: at, block, segment: 0, time });
    let found: ReturnType<typeof findBlock>;
    try {
      found = findBlock(window, at);
    } catch (error) {
      return { kind: "unreadable", offset: byteOffset(at), code: systemCode(error) ?? "" };
    }
    if (found.is !== "block") return stopAt(window, at, found.is, continuity);
    if (continuity.ended) return { kind: "after-end", offset: byteOffset(at), bytes: window.size - at };
    const misplaced = continuity.startBlock(at, found.header);
    if (misplaced !== undefined) return misplaced;
    const scan = new FrameScan(found.body);
    while (scan.next()) {
      const place = continuity.seq;
      const problem = continuity.frame(at + BLOCK.header + scan.offset, scan.code, scan.at);
      if (problem !== undefined) return problem;
      if (place >= from) yield { ...decodeBody(scan.code, scan.payload), at: scan.at, seq: seq(place) };
    }
    const problem = continuity.endBlock(scan);
    // A block that ends in zeros was never written to its end.
    const cutOff = problem !== undefined && window.zerosFrom < at + found.header.size;
    if (problem !== undefined) return cutOff ? { kind: "torn", offset: byteOffset(at) } : problem;
    at += found.header.size;
  }
}

function continuedAt(mark: Bookmark | undefined): Continuity {
  const continuity = new Continuity();
  if (mark === undefined) return continuity;
  continuity.number = mark.block;
  continuity.seq = mark.seq;
  continuity.time = micros(mark.time);
  return continuity;
}

/** Why reading stopped at `at`, where there is no block; undefined behind a proper end. */
function stopAt(
  window: ByteWindow,
  at: number,
  is: "end" | "torn" | "zeros" | "nothing",
  continuity: Continuity,
): Problem | undefined {
  const offset = byteOffset(at);
  if (is === "end") return continuity.ended ? undefined : { kind: "no-end", offset };
  if (continuity.ended) return { kind: "after-end", offset, bytes: window.size - at };
  if (is === "zeros") return { kind: "zeros", offset, bytes: window.size - at };
  if (is === "torn") return { kind: "torn", offset };
  return { kind: "no-block", offset, until: byteOffset(window.size) };
}
