import { closeSync, fsyncSync, openSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { EventBody } from "../core/event.js";
import type { Micros, SessionId } from "../core/units.js";
import { genesis } from "./chain.js";
import { makeDirectories } from "./directories.js";
import { writeAllSync } from "./disk.js";
import { type BlockDraft, BODY_TARGET, DraftPool } from "./draft.js";
import { encodeBody } from "./frame.js";
import { encodeHeader } from "./header.js";
import { KIND, MAX_PAYLOAD } from "./layout.js";
import { nameBeside } from "./place.js";
import { type Signer, sealMessage } from "./seal.js";
import { startError } from "./startError.js";

/** A frame this much later than the first of its block begins a new one, as packing expects it. */
const BLOCK_MICROS = 5_000;
/** One block in so many bytes carries a seal. */
const SEAL_BYTES = 1024 * 1024;
/** So much goes to the disk at once: where little happens, blocks are small and many. */
const WRITE_BYTES = 1024 * 1024;

export interface ComposerOptions {
  readonly path: string;
  readonly session: SessionId;
  /** Wall clock at the start, microseconds since 1970. */
  readonly startedAt: number;
  readonly signer: Signer;
}

/**
 * Writes the recording of a session that is over, from events with times of their own. Unlike RecordingWriter it
 * waits for the disk, and the file stands under its name only when it is complete.
 */
export class RecordingComposer {
  readonly #options: ComposerOptions;
  readonly #pool = new DraftPool();
  readonly #name: string;
  readonly #fd: number;
  #size = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #chain: Buffer;
  #number = 0;
  #draft: BlockDraft | undefined;
  #unsealed = 0;
  #closed = false;

  private constructor(options: ComposerOptions) {
    this.#options = options;
    makeDirectories(dirname(options.path));
    this.#name = nameBeside(options.path);
    this.#fd = openSync(this.#name, "wx", 0o600);
    const { session, startedAt, signer } = options;
    const header = encodeHeader({ form: "plain", session, startedAt, publicKey: signer.publicKey });
    this.#chain = genesis(header);
    this.#write(header);
  }

  /** @throws BodycamError `home-not-writable` when the file can't be created */
  static create(options: ComposerOptions): RecordingComposer {
    try {
      return new RecordingComposer(options);
    } catch (error) {
      throw startError(options.path, error);
    }
  }

  /**
   * Adds an event, not before the last one: `open` first, `end` last. Its bytes are copied.
   * @throws the system's error
   */
  add(at: Micros, body: EventBody): void {
    const { code, payload } = encodeBody(body);
    if (payload.length <= MAX_PAYLOAD) this.#frame(code, at, payload);
    else
      for (let from = 0; from < payload.length; from += MAX_PAYLOAD)
        this.#frame(code, at, payload.subarray(from, from + MAX_PAYLOAD));
  }

  /** Behind the end: seals the recording and puts it in its place. @throws the system's error */
  finish(): void {
    this.#close(true);
    this.#flush();
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#closed = true;
    renameSync(this.#name, this.#options.path);
  }

  /** Leaves nothing behind of a recording that is not finished. */
  abandon(): void {
    if (!this.#closed) closeSync(this.#fd);
    this.#closed = true;
    rmSync(this.#name, { force: true });
    try {
      rmdirSync(dirname(this.#options.path));
    } catch {
      // Something else is in there.
    }
  }

  #frame(code: number, at: Micros, payload: Uint8Array): void {
    const draft = this.#draft;
    if (draft !== undefined && (!draft.fits(payload.length) || at - draft.from >= BLOCK_MICROS))
      this.#close(false);
    this.#draft ??= this.#pool.draft(at, payload.length);
    this.#draft.add(code, at, payload);
    if (this.#draft.bodyLength >= BODY_TARGET && code !== KIND.end) this.#close(false);
  }

  #close(end: boolean): void {
    const draft = this.#draft;
    if (draft === undefined) return;
    this.#draft = undefined;
    const number = this.#number++;
    const { session, signer } = this.#options;
    this.#unsealed += draft.bodyLength;
    const sealed = end || this.#unsealed >= SEAL_BYTES;
    if (sealed) this.#unsealed = 0;
    const seal = (flags: number, chain: Uint8Array): Uint8Array =>
      signer.sign(sealMessage(session, number, flags, chain));
    const block = draft.close({ number, previous: this.#chain, end, seal: sealed ? seal : undefined });
    this.#chain = block.chain;
    this.#write(block.bytes);
    block.release();
  }

  /** Copies: a block's memory is lent. */
  #write(bytes: Uint8Array): void {
    this.#waiting.push(Buffer.from(bytes));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= WRITE_BYTES) this.#flush();
  }

  #flush(): void {
    writeAllSync(this.#fd, Buffer.concat(this.#waiting), this.#size);
    this.#size += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
