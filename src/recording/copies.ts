import { closeSync, fchmodSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, systemCode } from "../core/errors.js";
import { chainOfFile } from "./chainOfFile.js";
import { makeDirectories } from "./directories.js";
import { cut, lengthOf, writeAllSync } from "./disk.js";
import { type Identity, identityOf, lookAt, openNameless, putBack, sameBytes } from "./place.js";
import type { Trouble } from "./trouble.js";

/** What a dropped shadow goes on holding, so that there is room for the last words of a recording. */
const RESERVE = 16 * 1024;

/** How far the recording is on the disk at any time. */
export interface Progress {
  readonly size: number;
  /** The chain's value behind it. */
  readonly head: Uint8Array;
}

export interface CopiesListener {
  trouble(trouble: Trouble): void;
  /** The descriptor to read from is another one now. */
  moved(): void;
  /** A long copy is getting on. */
  progress(): void;
}

/**
 * The visible file of a growing recording and its *shadow*: the same bytes in a file that has no name. When someone
 * removes, replaces or cuts the visible file, it is put back from the shadow.
 */
export class Copies {
  readonly #path: string;
  readonly #written: Progress;
  readonly #listener: CopiesListener;
  #main: number;
  #identity: Identity;
  #shadow: number | undefined;
  /** Descriptors that a follower may still read: kept open, so that their numbers are not used again. */
  readonly #retired: number[] = [];
  /** What was told to have begun and is not over. */
  #told: "recording-removed" | "recording-altered" | undefined;
  #broken = false;

  private constructor(path: string, main: number, written: Progress, listener: CopiesListener) {
    this.#path = path;
    this.#main = main;
    this.#identity = identityOf(main);
    this.#written = written;
    this.#listener = listener;
  }

  /**
   * Makes the visible file (0600) and its directories (0700) with `start` in it. @throws the system's error
   */
  static create(path: string, start: Uint8Array, written: Progress, listener: CopiesListener): Copies {
    makeDirectories(dirname(path));
    const main = openSync(path, "wx+", 0o600);
    try {
      writeAllSync(main, start, 0);
    } catch (error) {
      closeSync(main);
      rmSync(path, { force: true });
      throw error;
    }
    const copies = new Copies(path, main, written, listener);
    copies.#openShadow(start);
    return copies;
  }

  #openShadow(start: Uint8Array): void {
    try {
      this.#shadow = openNameless(this.#path);
      writeAllSync(this.#shadow, start, 0);
    } catch (error) {
      const code = systemCode(error) ?? messageOf(error);
      queueMicrotask(() => void this.dropShadow(code));
    }
  }

  /** The visible file, as long as nobody has taken it away. */
  get main(): number {
    return this.#main;
  }

  get shadow(): number | undefined {
    return this.#shadow;
  }

  /** The descriptor to read the recording from: the shadow while there is one. */
  get source(): number {
    return this.#shadow ?? this.#main;
  }

  /** Whether bytes of the visible file are lost for good: it was cut or written over when there was no shadow. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether somebody has cut the visible file: what is written now would leave a hole. */
  async isCut(): Promise<boolean> {
    const size = this.#written.size;
    return !this.#broken && (await lengthOf(this.#main)) < size;
  }

  /** Whether the visible file is known not to be in its place, because putting it back has failed so far. */
  get misplaced(): boolean {
    return this.#told !== undefined;
  }

  /** Gives the shadow's room back. The descriptor stays: a follower may be reading it at this moment. */
  async dropShadow(code: string): Promise<void> {
    const shadow = this.#shadow;
    this.abandonShadow(code);
    if (shadow !== undefined) await cut(shadow, RESERVE);
  }

  /** The same, but its room is given back later. */
  abandonShadow(code: string): void {
    if (this.#shadow !== undefined) this.#retired.push(this.#shadow);
    this.#shadow = undefined;
    this.#listener.trouble({ what: "shadow-dropped", phase: "begin", detail: code });
    this.#listener.moved();
  }

  /** Gives back what dropped shadows still hold. */
  async releaseReserve(): Promise<void> {
    await Promise.all(this.#retired.map((fd) => cut(fd, 0)));
  }

  /**
   * Looks whether the visible file is still ours and whole, and puts it back if not; with `compare`, also whether
   * every byte of it is as it was written. Nothing may be written meanwhile.
   */
  async lookAfter(compare: boolean): Promise<void> {
    const place = await lookAt(this.#path, this.#identity, this.#written.size);
    if (place.is === "removed") return this.#restore("recording-removed", "");
    if (place.is === "altered" && place.how === "lengthened") return this.#trim();
    if (place.is === "altered") return this.#restore("recording-altered", place.how);
    // Put back in vain so far, and perhaps grown to its old length by what was written since.
    if (this.#told === "recording-altered") return this.#restore("recording-altered", "");
    if (compare && !this.#broken && !(await this.#agrees()))
      return this.#restore("recording-altered", "overwritten");
    if (place.exposed) this.#hide();
  }

  close(): void {
    const shadow = this.#shadow === undefined ? [] : [this.#shadow];
    for (const fd of [this.#main, ...shadow, ...this.#retired]) closeSync(fd);
  }

  async #agrees(): Promise<boolean> {
    try {
      const progress = (): void => this.#listener.progress();
      if (this.#shadow !== undefined)
        return await sameBytes(this.#main, this.#shadow, this.#written.size, progress);
      return await this.#isChained(this.#main);
    } catch {
      return true; // What can't be read now may be readable later: that is for verify to say.
    }
  }

  async #isChained(fd: number): Promise<boolean> {
    const { size, head } = this.#written;
    return (await chainOfFile(fd, size))?.equals(head) === true;
  }

  /** Somebody wrote something behind our bytes. */
  async #trim(): Promise<void> {
    await cut(this.#main, this.#written.size);
    this.#begin("recording-altered", "lengthened");
    this.#end("recording-altered", "lengthened");
  }

  #hide(): void {
    try {
      fchmodSync(this.#main, 0o600);
    } catch {
      // The file's mode is a courtesy; its bytes are what counts.
    }
  }

  async #restore(what: "recording-removed" | "recording-altered", detail: string): Promise<void> {
    // Without a shadow these bytes are lost for good: all that is left is to go on behind them.
    const lost = this.#shadow === undefined && (detail === "shortened" || detail === "overwritten");
    if (lost && this.#broken) return;
    this.#begin(what, detail);
    if (lost) {
      this.#broken = true;
      this.#told = undefined;
      return;
    }
    try {
      const restored = await putBack(this.#path, this.source, () => {
        this.#listener.progress();
        return this.#written.size;
      });
      // Without a shadow the bytes are those of the removed file, which may have been changed before.
      const unsure = this.#shadow === undefined;
      this.#replaceMain(restored);
      if (unsure && !this.#broken) this.#broken = !(await this.#isChained(restored));
    } catch {
      return; // Tried again at the next look.
    }
    this.#end(what, detail);
  }

  #begin(what: "recording-removed" | "recording-altered", detail: string): void {
    if (this.#told === what) return;
    this.#told = what;
    this.#listener.trouble({ what, phase: "begin", detail });
  }

  #end(what: "recording-removed" | "recording-altered", detail: string): void {
    this.#told = undefined;
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
