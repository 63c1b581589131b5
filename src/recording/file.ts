import { closeSync, fchmodSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, systemCode } from "../core/errors.js";
import type { Gap } from "../core/event.js";
import { cut, cutSync, isNoRoom, syncFile, type Written, writeAll, writeAllSync } from "./disk.js";
import type { FinishedBlock } from "./draft.js";
import { type Identity, identityOf, lookAt, openNameless, putBack, sameBytes } from "./place.js";
import type { Committed, Trouble } from "./trouble.js";

const RETRY_MS = 250;
const CHECK_MS = 250;
/** What one write takes along at most. */
const BATCH_BLOCKS = 16;
/** What a dropped shadow goes on holding, so that there is room for the last words of a recording. */
const RESERVE = 16 * 1024;

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
 * the other. Beside the visible file it keeps a *shadow*, the same bytes in a file that has no name, and puts the
 * visible file back from it when someone removes, replaces or cuts it. A failing disk is tried again every 250 ms.
 */
export class RecordingFile {
  readonly #path: string;
  readonly #listener: FileListener;
  #main: number;
  #identity: Identity;
  #shadow: number | undefined;
  /** Descriptors that a follower may still read: kept open, so that their numbers are not used again. */
  readonly #retired: number[] = [];
  #size: number;
  #queue: FinishedBlock[] = [];
  #queuedBytes = 0;
  #inFlight = 0;
  /** Counts the synchronous flushes, so that a write that was under way then knows it was overtaken. */
  #epoch = 0;
  #trouble: { readonly reason: Gap["reason"]; readonly code: string } | undefined;
  #tampered = false;
  #broken = false;
  #failures = 0;
  #moves = 0;
  #running = false;
  #retry: NodeJS.Timeout | undefined;
  #check: { compare: boolean; done: (() => void)[] } | undefined;
  readonly #checks: NodeJS.Timeout;
  readonly #waiting = new Set<{ ready: () => boolean; resolve: () => void }>();

  private constructor(path: string, main: number, size: number, listener: FileListener) {
    this.#path = path;
    this.#listener = listener;
    this.#main = main;
    this.#identity = identityOf(main);
    this.#size = size;
    this.#checks = setInterval(() => void this.check(false), CHECK_MS).unref();
  }

  /**
   * Makes the file (0600) and its directories (0700) with a header and the first block; both are in the file when
   * this returns. @throws the system's error
   */
  static create(
    path: string,
    header: Uint8Array,
    first: FinishedBlock,
    listener: FileListener,
  ): RecordingFile {
    const start = Buffer.concat([header, first.bytes]);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const main = openSync(path, "wx+", 0o600);
    try {
      writeAllSync(main, start, 0);
    } catch (error) {
      closeSync(main);
      rmSync(path, { force: true });
      throw error;
    }
    const file = new RecordingFile(path, main, start.length, listener);
    file.#openShadow(start);
    queueMicrotask(() => {
      listener.stored(first);
      first.release();
      file.#announce();
    });
    return file;
  }

  #openShadow(start: Uint8Array): void {
    try {
      this.#shadow = openNameless(this.#path);
      writeAllSync(this.#shadow, start, 0);
    } catch (error) {
      const code = systemCode(error) ?? messageOf(error);
      queueMicrotask(() => void this.#dropShadow(code));
    }
  }

  /** How many bytes are on the disk: always whole blocks. */
  get size(): number {
    return this.#size;
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

  /** Whether bytes of the visible file are lost for good: it was cut or overwritten when there was no shadow. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The descriptor to read the recording from: the shadow while there is one. */
  get source(): number {
    return this.#shadow ?? this.#main;
  }

  /** Takes a block. It is written soon; `release` is called when its memory is free again. */
  push(block: FinishedBlock): void {
    this.#queue.push(block);
    this.#queuedBytes += block.bytes.length;
    this.#run();
  }

  /** Resolves when `ready` holds; it is asked after each step. */
  whenever(ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ ready, resolve }));
  }

  /** Asks all who wait again. */
  wake(): void {
    for (const one of this.#waiting) {
      if (!one.ready()) continue;
      this.#waiting.delete(one);
      one.resolve();
    }
  }

  /**
   * Looks whether the visible file is still ours and puts it back if not; with `compare`, also whether it holds the
   * same bytes as the shadow.
   */
  check(compare: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check ??= { compare: false, done: [] };
      this.#check.compare ||= compare;
      this.#check.done.push(resolve);
      this.#run();
    });
  }

  /** Writes everything that is queued before it returns, as far as the disk takes it. */
  flushSync(): void {
    const under = this.#inFlight;
    for (let i = 0; ; i++) {
      const block = this.#queue[0];
      if (block === undefined) break;
      try {
        writeAllSync(this.#main, block.bytes, this.#size);
      } catch {
        cutSync(this.#main, this.#size);
        break;
      }
      if (this.#shadow !== undefined) {
        try {
          writeAllSync(this.#shadow, block.bytes, this.#size);
        } catch (error) {
          this.#abandonShadow(systemCode(error) ?? "");
        }
      }
      if (i === 0) this.#epoch++;
      // A write that is under way still reads the memory of its blocks: it gives them back itself.
      this.#accept(i >= under);
    }
    this.#inFlight = 0;
    this.#announce();
    if (this.#queue.length === 0) this.#recovered();
  }

  /** Takes back the blocks that were never written. Undefined when a write that does not end holds them. */
  rewind(): readonly FinishedBlock[] | undefined {
    if (this.#inFlight > 0) return undefined;
    const blocks = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const fd of this.#retired) cutSync(fd, 0);
    this.#stopWaiting();
    return blocks;
  }

  /** Asks the system to bring the file to the disk itself. */
  sync(): Promise<void> {
    return syncFile(this.#main);
  }

  /** Ends the watch over the visible file. */
  unwatch(): void {
    clearInterval(this.#checks);
  }

  /** Closes every descriptor. Nothing may read from one of them any more. */
  close(): void {
    this.unwatch();
    clearTimeout(this.#retry);
    const fds = [this.#main, ...(this.#shadow === undefined ? [] : [this.#shadow]), ...this.#retired];
    for (const fd of fds) closeSync(fd);
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#check !== undefined) await this.#lookAfter();
      else if (this.#queue.length > 0 && this.#retry === undefined) await this.#writeSome();
      else break;
      this.#moves++;
      this.#listener.step();
      this.wake();
    }
    this.#running = false;
  }

  async #writeSome(): Promise<void> {
    const batch = this.#queue.slice(0, this.#trouble === undefined ? BATCH_BLOCKS : 1);
    const bytes = batch.map((block) => block.bytes);
    const epoch = this.#epoch;
    this.#inFlight = batch.length;
    const [main, shadow] = await Promise.all([
      writeAll(this.#main, bytes, this.#size),
      this.#shadow === undefined ? undefined : writeAll(this.#shadow, bytes, this.#size),
    ]);
    if (epoch !== this.#epoch) {
      for (const block of batch) block.release();
      return;
    }
    this.#inFlight = 0;
    if (shadow?.error !== undefined) await this.#dropShadow(shadow.error.code ?? "");
    let left = main.bytes;
    for (const block of batch) {
      if (left < block.bytes.length) break;
      left -= block.bytes.length;
      this.#accept(true);
    }
    if (main.bytes > 0) this.#announce();
    if (main.error === undefined) this.#recovered();
    else await this.#failed(main);
  }

  /** The first block of the queue is on the disk. */
  #accept(release: boolean): void {
    const block = this.#queue.shift();
    if (block === undefined) return;
    this.#queuedBytes -= block.bytes.length;
    this.#size += block.bytes.length;
    this.#listener.stored(block);
    if (release) block.release();
  }

  #announce(): void {
    this.#listener.committed({ fd: this.source, bytes: this.#size });
  }

  async #failed(written: Written): Promise<void> {
    const code = written.error?.code ?? "";
    // At once and not in the thread pool: nothing may be written between this and the next attempt.
    cutSync(this.#main, this.#size);
    if (this.#shadow !== undefined && isNoRoom(code)) return this.#dropShadow(code);
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

  /** Gives the shadow's room back. The descriptor stays: a follower may be reading it at this moment. */
  async #dropShadow(code: string): Promise<void> {
    const shadow = this.#shadow;
    this.#abandonShadow(code);
    if (shadow !== undefined) await cut(shadow, RESERVE);
  }

  #abandonShadow(code: string): void {
    if (this.#shadow !== undefined) this.#retired.push(this.#shadow);
    this.#shadow = undefined;
    this.#listener.trouble({ what: "shadow-dropped", phase: "begin", detail: code });
    this.#announce();
  }

  async #lookAfter(): Promise<void> {
    const asked = this.#check;
    this.#check = undefined;
    const place = await lookAt(this.#path, this.#identity, this.#size);
    if (place.is === "removed") await this.#restore("recording-removed", "");
    else if (place.is === "altered" && place.how === "lengthened") await this.#trim();
    else if (place.is === "altered") await this.#restore("recording-altered", place.how);
    else if (asked?.compare === true && !(await this.#agrees()))
      await this.#restore("recording-altered", "overwritten");
    else if (place.exposed) this.#hide();
    for (const done of asked?.done ?? []) done();
  }

  async #agrees(): Promise<boolean> {
    if (this.#shadow === undefined) return true;
    return sameBytes(this.#main, this.#shadow, this.#size).catch(() => true);
  }

  /** Bytes after ours: a stranger's, unless a write has just failed and could not be cut off. */
  async #trim(): Promise<void> {
    await cut(this.#main, this.#size);
    if (this.#trouble !== undefined) return;
    for (const phase of ["begin", "end"] as const)
      this.#listener.trouble({ what: "recording-altered", phase, detail: "lengthened" });
  }

  #hide(): void {
    try {
      fchmodSync(this.#main, 0o600);
    } catch {
      // The file's mode is a courtesy; its bytes are what counts.
    }
  }

  async #restore(what: "recording-removed" | "recording-altered", detail: string): Promise<void> {
    // Without a shadow a file that was cut has lost its bytes for good: all that is left is to go on behind them.
    const lost = this.#shadow === undefined && detail === "shortened";
    if (lost && this.#broken) return;
    this.#broken ||= lost;
    if (!this.#tampered) this.#listener.trouble({ what, phase: "begin", detail });
    this.#tampered = !lost;
    if (lost) return;
    try {
      const restored = await putBack(this.#path, this.source, () => {
        this.#moves++; // A long copy is no hanging disk.
        return this.#size;
      });
      this.#replaceMain(restored);
    } catch {
      return; // Tried again at the next check.
    }
    this.#tampered = false;
    this.#listener.trouble({ what, phase: "end", detail });
  }

  #replaceMain(fd: number): void {
    const old = this.#main;
    this.#main = fd;
    this.#identity = identityOf(fd);
    // The removed file still has every byte, and no name: it is a shadow now, if there is none.
    if (this.#shadow === undefined) this.#shadow = old;
    else closeSync(old);
  }
}
