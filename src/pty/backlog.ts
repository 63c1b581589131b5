const FIRST_ROOM = 64 * 1024;

/**
 * Bytes that wait to be written. Kept in two pieces of memory that take turns, one filling while the other is being
 * written: a piece of its own for every write would wait for the garbage collector, tens of megabytes in a flood.
 */
export class Backlog {
  #filling = Buffer.alloc(0);
  #leaving = Buffer.alloc(0);
  #length = 0;

  /** How many bytes wait to be taken. */
  get length(): number {
    return this.#length;
  }

  /** Copies bytes behind those that wait. */
  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#filling.length) {
      let room = Math.max(FIRST_ROOM, this.#filling.length);
      while (room < length) room *= 2;
      const larger = Buffer.allocUnsafeSlow(room);
      larger.set(this.#filling.subarray(0, this.#length));
      this.#filling = larger;
    }
    this.#filling.set(bytes, this.#length);
    this.#length = length;
  }

  /** Takes everything that waits. What it returns is good until the next call. */
  take(): Uint8Array {
    const taken = this.#filling.subarray(0, this.#length);
    [this.#filling, this.#leaving] = [this.#leaving, this.#filling];
    this.#length = 0;
    return taken;
  }
}
