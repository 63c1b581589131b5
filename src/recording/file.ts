import type { Clock } from "../core/clock.js";
import { systemCode } from "../core/errors.js";
import type { Gap } from "../core/event.js";
import { Copies } from "./copies.js";
import { cutSync, isNoRoom, syncFile, writeAll, writeAllSync } from "./disk.js";
import type { FinishedBlock } from "./draft.js";
import type { Committed, Trouble } from "./trouble.js";

const RETRY_MS = 250;
const CHECK_MS = 250;
const NUDGE_MS = 250;
/** A disk that has not moved for so long (microseconds) is not waited for at the end of a session. */
export const HANGING = 10_000_000;
/** What one write takes along at most. */
const BATCH_BLOCKS = 16;

/** Whom the file tells what. Called in the order of things, never from within `push`. */
export interface FileListener {
  /** The one place where every finished block passes by, once it is on the disk. */
  stored(block: FinishedBlock): void;
  committed(to: Committed): void;
  trouble(trouble: Trouble): void;
  /** Something has moved on: a good time to look at `queuedBytes` and `trouble` again. */
  step(): void;
}

/**
 * The file of a growing recording: takes whole blocks in order and writes them in the thread pool, one batch after
 * the other, to the visible file and its shadow. A failing disk is tried again every 250 ms.
 */
export class RecordingFile {
  readonly #copies: Copies;
  readonly #listener: FileListener;
  #size: number;
  /** The chain as far as it is on the disk. */
  #head: Uint8Array;
  #queue: FinishedBlock[] = [];
  #queuedBytes = 0;
  /** What is being written at this moment; its memory must stay as it is. */
  #batch: readonly FinishedBlock[] = [];
  /** Counts the synchronous flushes, so that a write that was under way then knows it was overtaken. */
  #epoch = 0;
  #trouble: { readonly reason: Gap["reason"]; readonly code: string } | undefined;
  #failures = 0;
  #moves = 0;
  #running = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  #check: { compare: boolean; done: (() => void)[] } | undefined;
  readonly #checks: NodeJS.Timeout;
  readonly #waiting = new Set<{ ready: () => boolean; resolve: () => void }>();

  /**
   * Makes the file (0600) and its directories (0700) with a header and the first block; both are in the file then.
   * @throws the system's error
   */
  constructor(path: string, header: Uint8Array, first: FinishedBlock, listener: FileListener) {
    const start = Buffer.concat([header, first.bytes]);
    this.#listener = listener;
    this.#size = start.length;
    this.#head = first.chain;
    this.#copies = Copies.create(path, start, this, {
      trouble: (trouble) => listener.trouble(trouble),
      moved: () => this.#announce(),
      progress: () => this.#moves++,
    });
    this.#checks = setInterval(() => void this.check(false), CHECK_MS).unref();
    queueMicrotask(() => {
      listener.stored(first);
      first.release();
      this.#announce();
    });
  }

  /** How many bytes are on the disk: always whole blocks. */
  get size(): number {
    return this.#size;
  }

  /** The chain's value behind them. */
  get head(): Uint8Array {
    return this.#head;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get queuedBlocks(): number {
    return this.#queue.length;
  }

  /** What keeps blocks from being written at this moment. */
  get trouble(): Gap["reason"] | undefined {
    return this.#trouble?.reason;
  }

  get troubleCode(): string {
    return this.#trouble?.code ?? "";
  }

  /** Grows with every completed piece of work; unchanged over some time means that the disk hangs. */
  get moves(): number {
    return this.#moves;
  }

  /** Attempts to write that failed since the last one that did not. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether the visible file is in its place, with all its bytes as far as anyone knows. */
  get sound(): boolean {
    return !this.#copies.broken && !this.#copies.misplaced;
  }

  /** The descriptor to read the recording from: the shadow while there is one. */
  get source(): number {
    return this.#copies.source;
  }

  /** Takes a block. It is written soon; `release` is called when its memory is free again. */
  push(block: FinishedBlock): void {
    this.#queue.push(block);
    this.#queuedBytes += block.bytes.length;
    this.#run();
  }

  /** Resolves when `ready` holds; it is asked after each step, and now and then while there is none. */
  async until(ready: () => boolean): Promise<void> {
    if (ready()) return;
    const nudge = setInterval(() => this.#wake(), NUDGE_MS);
    await new Promise<void>((resolve) => this.#waiting.add({ ready, resolve }));
    clearInterval(nudge);
  }

  /** Waits for `work`, but not for a disk that does not move. @returns whether it was done */
  async unlessHung(work: Promise<void>, clock: Clock): Promise<boolean> {
    let done = false;
    let moved = { moves: this.#moves, at: clock.now() };
    void work.then(() => {
      done = true;
      this.#wake();
    });
    await this.until(() => {
      if (this.#moves !== moved.moves) moved = { moves: this.#moves, at: clock.now() };
      return done || clock.now() - moved.at >= HANGING;
    });
    return done;
  }

  /** Asks all who wait again. */
  #wake(): void {
    for (const one of this.#waiting) {
      if (!one.ready()) continue;
      this.#waiting.delete(one);
      one.resolve();
    }
  }

  /**
   * Looks whether the visible file is still ours and puts it back if not; with `compare`, also whether every byte
   * of it is as it was written.
   */
  check(compare: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check ??= { compare: false, done: [] };
      this.#check.compare ||= compare;
      this.#check.done.push(resolve);
      this.#run();
    });
  }

  /**
   * Brings the file to the disk itself, and looks at it for the last time; while it can't be put back, so many times
   * more.
   */
  async putInPlace(attempts: number, sync: boolean): Promise<void> {
    if (sync) await syncFile(this.#copies.main);
    await this.check(false);
    for (let left = attempts; left > 0 && this.#copies.misplaced; left--) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      await this.check(false);
    }
  }

  /** Writes everything that is queued before it returns, as far as the disk takes it. */
  flushSync(): void {
    for (let i = 0; ; i++) {
      const block = this.#queue[0];
      if (block === undefined) break;
      try {
        writeAllSync(this.#copies.main, block.bytes, this.#size);
      } catch {
        // A write that is under way goes on behind what it has written so far: cut now, that would be a hole.
        if (this.#batch.length === 0) cutSync(this.#copies.main, this.#size);
        break;
      }
      this.#shadowSync(block);
      if (i === 0) this.#epoch++;
      this.#accept();
    }
    this.#announce();
    if (this.#queue.length === 0) this.#recovered();
  }

  #shadowSync(block: FinishedBlock): void {
    const { shadow } = this.#copies;
    if (shadow === undefined) return;
    try {
      writeAllSync(shadow, block.bytes, this.#size);
    } catch (error) {
      this.#copies.abandonShadow(systemCode(error) ?? "");
    }
  }

  /**
   * Takes back the blocks that were never written, and makes what room it can for others. Undefined when a write
   * that does not end holds them.
   */
  async rewind(): Promise<readonly FinishedBlock[] | undefined> {
    if (this.#batch.length > 0) return undefined;
    const blocks = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#stopWaiting();
    await this.#copies.releaseReserve();
    return blocks;
  }

  /** Ends the watch over the visible file. */
  unwatch(): void {
    clearInterval(this.#checks);
  }

  /** Closes every descriptor, behind the write that may be under way. Nothing may read from one any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.unwatch();
    this.#stopWaiting();
    if (!this.#running) this.#copies.close();
  }

  #run(): void {
    if (this.#running || this.#closed) return;
    this.#running = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (!this.#closed) {
      if (this.#check !== undefined) await this.#lookAfter(this.#check);
      else if (this.#queue.length > 0 && this.#retry === undefined) await this.#writeSome();
      else break;
      this.#moves++;
      this.#listener.step();
      this.#wake();
    }
    this.#running = false;
    if (this.#closed) this.#copies.close();
  }

  async #writeSome(): Promise<void> {
    if (await this.#copies.isCut()) await this.#copies.lookAfter(false);
    const batch = this.#queue.slice(0, this.#trouble === undefined ? BATCH_BLOCKS : 1);
    const bytes = batch.map((block) => block.bytes);
    const epoch = this.#epoch;
    this.#batch = batch;
    const copies = this.#copies;
    const [main, shadow] = await Promise.all([
      writeAll(copies.main, bytes, this.#size),
      copies.shadow === undefined ? undefined : writeAll(copies.shadow, bytes, this.#size),
    ]);
    this.#batch = [];
    if (epoch !== this.#epoch) {
      for (const block of batch) if (!this.#queue.includes(block)) block.release();
      return;
    }
    let left = main.bytes;
    for (const block of batch) {
      if (left < block.bytes.length) break;
      left -= block.bytes.length;
      this.#accept();
    }
    // Up to here without a pause: an emergency may come in any.
    if (shadow?.error === undefined) this.#announce();
    else await copies.dropShadow(shadow.error.code ?? "");
    if (main.error === undefined) this.#recovered();
    else await this.#failed(main.error.code ?? "", shadow?.error !== undefined);
  }

  /** The first block of the queue is on the disk. */
  #accept(): void {
    const block = this.#queue.shift();
    if (block === undefined) return;
    this.#queuedBytes -= block.bytes.length;
    this.#size += block.bytes.length;
    this.#head = block.chain;
    this.#listener.stored(block);
    // A write that is under way gives the memory back itself.
    if (!this.#batch.includes(block)) block.release();
  }

  #announce(): void {
    this.#listener.committed({ fd: this.source, bytes: this.#size });
  }

  /** A write stopped with the error `code`; `freed` says whether the shadow's room was given back meanwhile. */
  async #failed(code: string, freed: boolean): Promise<void> {
    // At once and not in the thread pool: nothing may be written between this and the next attempt.
    cutSync(this.#copies.main, this.#size);
    if (isNoRoom(code) && freed) return;
    if (isNoRoom(code) && this.#copies.shadow !== undefined) return this.#copies.dropShadow(code);
    this.#failures++;
    if (this.#trouble === undefined) {
      this.#trouble = { reason: isNoRoom(code) ? "disk-full" : "write-failed", code };
      this.#listener.trouble({ what: this.#trouble.reason, phase: "begin", detail: code });
    }
    this.#retry = setTimeout(() => {
      this.#stopWaiting();
      this.#run();
    }, RETRY_MS);
  }

  #stopWaiting(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #recovered(): void {
    this.#failures = 0;
    if (this.#trouble === undefined) return;
    const { reason, code } = this.#trouble;
    this.#trouble = undefined;
    this.#listener.trouble({ what: reason, phase: "end", detail: code });
  }

  async #lookAfter(asked: { readonly compare: boolean; readonly done: (() => void)[] }): Promise<void> {
    this.#check = undefined;
    // What a failed write has left behind our bytes is ours to cut off, and nobody's doing.
    if (this.#trouble !== undefined) cutSync(this.#copies.main, this.#size);
    await this.#copies.lookAfter(asked.compare);
    for (const done of asked.done) done();
  }
}
