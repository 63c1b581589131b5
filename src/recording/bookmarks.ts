/** A place in a recording's file where reading can begin, and what has to be known there. */
export interface Bookmark {
  /** The number of the first frame behind it. */
  readonly seq: number;
  /** Where it is in the file: the beginning of a block or segment. */
  readonly offset: number;
  /** The number of the block that begins there, and in the packed form that of the segment. */
  readonly block: number;
  readonly segment: number;
  /** The time of the frame before it. */
  readonly time: number;
}

/** Bytes of the file between two bookmarks in the plain form at least. In the packed form each segment has one. */
const SPACING = 128 * 1024;

/** Bookmarks made while a recording is read, so that a later reading can begin near where it wants to. */
export class Bookmarks {
  readonly #marks: Bookmark[] = [];

  get all(): readonly Bookmark[] {
    return this.#marks;
  }

  /** Takes a place that was read up to; those too near to the one before are left out. */
  offer(mark: Bookmark): void {
    const last = this.#marks.at(-1);
    const further = last === undefined || mark.offset >= last.offset + SPACING || mark.segment > last.segment;
    if (further) this.#marks.push(mark);
  }

  /** The last one at or before a frame. */
  before(seq: number): Bookmark | undefined {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle] as Bookmark).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#marks[low - 1];
  }

  /** Takes these, which were made by an earlier reading, for the ones there are. */
  set(marks: readonly Bookmark[]): void {
    this.#marks.splice(0, this.#marks.length, ...marks);
  }
}
