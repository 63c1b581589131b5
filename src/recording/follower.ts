import type { SessionEvent } from "../core/event.js";
import { type ByteOffset, byteOffset, seq } from "../core/units.js";
import { FrameScan } from "./block.js";
import { Continuity } from "./continuity.js";
import { decodeBody } from "./decode.js";
import { BLOCK, HEADER } from "./layout.js";
import { findBlock } from "./plain.js";
import type { Problem } from "./problems.js";
import { ByteWindow } from "./window.js";

/**
 * Follows a plain recording while it grows. Give it what the writer's `onCommit` tells, and it goes on from where
 * it was. A descriptor that has fewer bytes than it should (a shadow that was given up a moment ago) is no problem:
 * the next commit comes with another one, which is read from the same place.
 */
export class BlockFollower {
  #at: number = HEADER.size;
  readonly #continuity = new Continuity();
  #problem: Problem | undefined;

  /** Up to where the recording has been read. */
  get offset(): ByteOffset {
    return byteOffset(this.#at);
  }

  /** What was found that is not as it should be. Nothing more is read then. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** The events of the whole blocks up to byte `to`. Take all of them: what is left out does not come again. */
  *read(fd: number, to: number): Generator<SessionEvent, void> {
    const window = new ByteWindow(fd, to, "kept");
    while (this.#problem === undefined && this.#at < to) {
      const found = findBlock(window, this.#at);
      if (found.is !== "block") return;
      const start = this.#at;
      this.#at += found.header.size;
      this.#problem = this.#continuity.startBlock(start, found.header);
      const scan = new FrameScan(found.body);
      while (this.#problem === undefined && scan.next()) {
        const place = seq(this.#continuity.seq);
        this.#problem = this.#continuity.frame(start + BLOCK.header + scan.offset, scan.code, scan.at);
        yield { ...decodeBody(scan.code, scan.payload), at: scan.at, seq: place };
      }
      this.#problem ??= this.#continuity.endBlock(scan);
    }
  }
}
