import type { Clock } from "../core/clock.js";
import type { EventBody, Exit, SessionMeta } from "../core/event.js";
import { type Micros, micros, type Seq, type SessionId, seq } from "../core/units.js";
import { genesis } from "./chain.js";
import { type BlockDraft, BODY_TARGET, DraftPool, type FinishedBlock } from "./draft.js";
import { HANGING, RecordingFile } from "./file.js";
import { encodeBody, type RawFrame } from "./frame.js";
import { encodeHeader } from "./header.js";
import { KIND, MAX_PAYLOAD } from "./layout.js";
import { Loss } from "./loss.js";
import { type Signer, sealMessage } from "./seal.js";
import { startError } from "./startError.js";
import { type Committed, noticeOf, type Trouble } from "./trouble.js";

/** A block goes to the disk this long after its first frame: on a busy machine the write itself may take ten times that. */
const FLUSH = 5_000;
/**
 * A block carries a seal when the last one is this long ago, or this many bytes. An unsealed block that nothing
 * follows gets its seal after `SEAL_LATEST`.
 */
const SEAL_EVERY = 100_000;
const SEAL_LATEST = 900_000;
const SEAL_BYTES = 1024 * 1024;
/** While the disk fails, this much waits in memory; what comes then is counted and dropped. */
const TROUBLE_ROOM = 8 * 1024 * 1024;
/** A disk that has not moved for `STALL` with this much waiting: the same. */
const STALL_ROOM = 32 * 1024 * 1024;
const STALL = 5_000_000;
/** With this many blocks waiting for the disk, a block is filled before the next is begun. */
const PATIENT_BLOCKS = 4;
const SMALL_BACKLOG = 1024 * 1024;
/** How often the last blocks are tried on a failing disk. */
const LAST_ATTEMPTS = 4;
/** Up to this size a recording is compared with its shadow and brought to the disk before its end is told. */
const QUICK_MOST = 16 * 1024 * 1024;

/** Times are rounded down to this: what is finer is the scheduler's noise, and would be half of a packed recording. */
const TICK = 1000;

export interface WriterOptions {
  readonly path: string;
  readonly session: SessionId;
  /** Wall clock at the start, microseconds since 1970. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly meta: SessionMeta;
  readonly onCommit?: (committed: Committed) => void;
  readonly onTrouble?: (trouble: Trouble) => void;
}

/** How a recording ended. */
export interface Ending {
  /** Length of the file. */
  readonly bytes: number;
  /** The chain's last value. */
  readonly head: Uint8Array;
  /** Whether the recording on the disk is complete, its end included. */
  readonly intact: boolean;
}

/**
 * Writes the recording of one session. `append` copies what it is given and returns at once; blocks go to the disk
 * in the thread pool. A failing disk never ends the session: what could not be kept is told by a gap frame.
 */
export class RecordingWriter {
  readonly #options: WriterOptions;
  readonly #pool = new DraftPool();
  readonly #file: RecordingFile;
  #chain: Buffer;
  #number = 0;
  #seq = 0;
  #last = micros(0);
  #draft: BlockDraft | undefined;
  #sealedAt = micros(0);
  /** Bytes in blocks that no seal covers yet. */
  #unsealed = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Set while new frames are counted instead of kept. */
  #loss: Loss | undefined;
  #moved = { moves: 0, at: micros(0) };
  #ending: Promise<Ending> | undefined;
  #over = false;

  private constructor(options: WriterOptions) {
    this.#options = options;
    const header = encodeHeader({
      form: "plain",
      session: options.session,
      startedAt: options.startedAt,
      publicKey: options.signer.publicKey,
    });
    this.#chain = genesis(header);
    const { code, payload } = encodeBody({ kind: "open", meta: options.meta });
    this.#now();
    const draft = this.#pool.draft(this.#last, payload.length);
    draft.add(code, this.#last, payload);
    this.#seq = 1;
    const block = this.#finish(draft, { seal: true, end: false });
    this.#file = new RecordingFile(options.path, header, block, {
      stored: () => {},
      committed: (to) => options.onCommit?.(to),
      trouble: (trouble) => this.#tell(trouble),
      step: () => this.#onStep(),
    });
  }

  /**
   * Starts a recording: its header and open frame are in the file when this returns.
   * @throws BodycamError `home-not-writable` when it can't be created, `io` when there is a recording already
   */
  static create(options: WriterOptions): RecordingWriter {
    try {
      return new RecordingWriter(options);
    } catch (error) {
      throw startError(options.path, error);
    }
  }

  /** Bytes that were appended and are not on the disk yet. */
  get backlog(): number {
    return this.#file.queuedBytes + (this.#draft?.bodyLength ?? 0);
  }

  /** A descriptor that holds the recording up to the last committed byte, valid until `close`. */
  get source(): number {
    return this.#file.source;
  }

  /**
   * Adds an event, with the time of now. Its bytes are copied before this returns. @returns the place of its (last)
   * frame; of the gap frame that will tell of it when it can't be kept
   */
  append(body: EventBody): Seq {
    const { code, payload } = encodeBody(body);
    return this.#put(code, payload);
  }

  /** The same for an event that was encoded already. A payload that is longer than a frame holds must be output or input. */
  appendFrame({ code, payload }: RawFrame): Seq {
    return this.#put(code, payload);
  }

  /** The same as `append` of an output event. */
  appendOutput(data: Uint8Array): Seq {
    return this.#put(KIND.output, data);
  }

  /** Seals what there is up to now: something in it was found to matter. */
  sealSoon(): void {
    if (this.#over || this.#file.trouble !== undefined) return;
    if (this.#draft !== undefined || this.#unsealed > 0) this.#close({ seal: true, end: false });
  }

  /**
   * Resolves when the backlog is small again, and also when waiting does not help: while the disk is failing, or
   * has not moved for five seconds.
   */
  async drained(): Promise<void> {
    const ready = (): boolean =>
      this.#file.queuedBytes < SMALL_BACKLOG ||
      this.#file.trouble !== undefined ||
      this.#loss !== undefined ||
      this.#stalledFor() >= STALL;
    await this.#file.until(ready);
  }

  /** Writes everything before it returns, as far as the disk takes it. The recording can go on afterwards. */
  emergency(): void {
    if (!this.#over) {
      if (this.#loss?.isEmpty === false) this.#tellLoss();
      this.#close({ seal: true, end: false });
    }
    this.#file.flushSync();
  }

  /**
   * Ends the recording: the last block is marked as the end, sealed, written and synced. Later appends are ignored.
   * Resolves also when the disk does not take it. Descriptors stay open for `source` until `close`.
   */
  end(exit: Exit): Promise<Ending> {
    this.#ending ??= this.#finishWith(exit);
    return this.#ending;
  }

  /** Closes the descriptors. Whoever still follows `source` must have stopped. */
  close(): void {
    clearTimeout(this.#timer);
    this.#over = true;
    this.#file.close();
  }

  async #finishWith(exit: Exit): Promise<Ending> {
    // What would keep the person waiting is left to packing: it reads the shadow, and syncs what it writes.
    const quick = this.#file.size <= QUICK_MOST;
    const alive = await this.#file.unlessHung(this.#file.check(quick), this.#options.clock);
    if (this.#loss?.isEmpty === false) this.#tellLoss();
    this.#loss = undefined;
    this.#append({ kind: "end", exit });
    this.#over = true;
    clearTimeout(this.#timer);
    this.#close({ seal: true, end: true });
    const complete = alive && ((await this.#settled()) || (await this.#lastWords(exit)));
    this.#file.unwatch();
    const placed =
      complete &&
      (await this.#file.unlessHung(this.#file.putInPlace(LAST_ATTEMPTS, quick), this.#options.clock));
    return { bytes: this.#file.size, head: this.#file.head, intact: placed && this.#file.sound };
  }

  /** Waits for the last blocks. @returns whether all are on the disk */
  async #settled(): Promise<boolean> {
    const patience = this.#file.failures + LAST_ATTEMPTS;
    await this.#file.until(
      () => this.#file.queuedBlocks === 0 || this.#file.failures >= patience || this.#stalledFor() >= HANGING,
    );
    return this.#file.queuedBlocks === 0;
  }

  /** The disk does not take what waits in memory: let go of it, and end with a gap that says so. */
  async #lastWords(exit: Exit): Promise<boolean> {
    const { trouble, troubleCode } = this.#file;
    const blocks = await this.#file.rewind();
    const first = blocks?.[0];
    if (blocks === undefined || first === undefined) return this.#file.queuedBlocks === 0;
    const loss = new Loss(trouble ?? "write-failed", troubleCode);
    for (const block of blocks) {
      loss.block(block);
      this.#seq -= block.frames;
      block.release();
    }
    this.#number = first.number;
    this.#chain = first.previous;
    this.#append(loss.toGap());
    this.#append({ kind: "end", exit });
    this.#close({ seal: true, end: true });
    return this.#settled();
  }

  #now(): Micros {
    const now = this.#options.clock.now();
    if (now > this.#last) this.#last = micros(now - (now % TICK));
    return this.#last;
  }

  #put(code: number, payload: Uint8Array): Seq {
    if (this.#over) return seq(this.#seq - 1);
    this.#now();
    if (payload.length <= MAX_PAYLOAD) this.#frame(code, payload);
    else
      for (let from = 0; from < payload.length; from += MAX_PAYLOAD)
        this.#frame(code, payload.subarray(from, from + MAX_PAYLOAD));
    return seq(this.#loss === undefined ? this.#seq - 1 : this.#seq);
  }

  /** Adds one frame with the time of the last look at the clock, or counts it as lost. */
  #frame(code: number, payload: Uint8Array): void {
    if (this.#draft !== undefined && !this.#draft.fits(payload.length))
      this.#close({ seal: false, end: false });
    if (this.#loss !== undefined) {
      const bulk =
        code === KIND.output || code === KIND.input || code === KIND.observation || code === KIND.transcript;
      if (bulk || this.#file.queuedBytes >= STALL_ROOM + TROUBLE_ROOM) {
        this.#loss.frame(code, payload.length, this.#last);
        return;
      }
      // What is small and tells how to read the rest (a resize, a signal) is kept, behind the gap so far.
      if (!this.#loss.isEmpty) this.#tellLoss();
    }
    if (code === KIND.output && this.#draft?.joins(this.#last) === true) this.#draft.join(payload);
    else this.#add(code, payload);
    const draft = this.#draft;
    if (draft !== undefined && (draft.bodyLength >= BODY_TARGET || this.#last - draft.from >= FLUSH))
      this.#due();
  }

  #add(code: number, payload: Uint8Array): void {
    if (this.#draft?.fits(payload.length) === false) this.#close({ seal: false, end: false });
    this.#draft ??= this.#pool.draft(this.#last, payload.length);
    this.#draft.add(code, this.#last, payload);
    this.#seq++;
    this.#arm(FLUSH);
  }

  /** Adds an event whatever the state of the disk. */
  #append(body: EventBody): void {
    const { code, payload } = encodeBody(body);
    this.#now();
    this.#add(code, payload);
  }

  /** The draft is old or big enough; while others still wait for the disk, only big enough counts. */
  #due(): void {
    const full = (this.#draft?.bodyLength ?? 0) >= BODY_TARGET;
    if (full || this.#file.queuedBlocks < PATIENT_BLOCKS) this.#close({ seal: false, end: false });
  }

  #close(how: { seal: boolean; end: boolean }): void {
    const draft =
      this.#draft ?? (how.seal && this.#unsealed > 0 ? this.#pool.draft(this.#now(), 0) : undefined);
    this.#draft = undefined;
    if (draft === undefined) return;
    this.#file.push(this.#finish(draft, how));
    this.#judge();
  }

  #finish(draft: BlockDraft, how: { seal: boolean; end: boolean }): FinishedBlock {
    const number = this.#number++;
    const { session, signer } = this.#options;
    const now = this.#last;
    this.#unsealed += draft.bodyLength;
    const seal = how.seal || now - this.#sealedAt >= SEAL_EVERY || this.#unsealed >= SEAL_BYTES;
    if (seal) {
      this.#sealedAt = now;
      this.#unsealed = 0;
    }
    const sign = (flags: number, chain: Uint8Array): Uint8Array =>
      signer.sign(sealMessage(session, number, flags, chain));
    const block = draft.close({ number, previous: this.#chain, end: how.end, seal: seal ? sign : undefined });
    this.#chain = block.chain;
    return block;
  }

  #arm(after: number): void {
    this.#timer ??= setTimeout(() => this.#tick(), Math.max(1, after / 1000));
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    if (this.#draft !== undefined) {
      if (now - this.#draft.from >= FLUSH) this.#due();
      this.#arm(this.#draft === undefined ? SEAL_LATEST : Math.max(1000, FLUSH - (now - this.#draft.from)));
    } else if (this.#unsealed > 0) {
      // Frames have stopped coming: a block without any carries the seal for the last ones.
      const left = SEAL_LATEST - (now - this.#last);
      if (left <= 0) this.sealSoon();
      if (this.#unsealed > 0) this.#arm(Math.max(FLUSH, left));
    }
  }

  /** How long the disk has not moved although something waits, in microseconds. */
  #stalledFor(): number {
    const now = this.#options.clock.now();
    const { moves, queuedBlocks } = this.#file;
    if (moves !== this.#moved.moves || queuedBlocks <= 1) this.#moved = { moves, at: now };
    return now - this.#moved.at;
  }

  /** Decides whether the next frames can still be kept. */
  #judge(): void {
    const stalled = this.#stalledFor();
    if (this.#loss !== undefined || this.#over) return;
    const { trouble, troubleCode, queuedBytes } = this.#file;
    if (trouble !== undefined && queuedBytes >= TROUBLE_ROOM) this.#loss = new Loss(trouble, troubleCode);
    else if (queuedBytes >= STALL_ROOM && stalled >= STALL) {
      this.#loss = new Loss("recorder-lagging", "");
      this.#options.onTrouble?.({ what: "recorder-lagging", phase: "begin", detail: "" });
    }
  }

  #onStep(): void {
    if (this.#loss === undefined || this.#file.trouble !== undefined) return;
    const { reason, isEmpty } = this.#loss;
    if (this.#file.queuedBytes >= (reason === "recorder-lagging" ? STALL_ROOM / 2 : TROUBLE_ROOM)) return;
    if (!isEmpty) this.#tellLoss();
    this.#loss = undefined;
    this.#close({ seal: true, end: false });
    if (reason === "recorder-lagging") this.#options.onTrouble?.({ what: reason, phase: "end", detail: "" });
  }

  /** Puts the gap frame for what was lost so far; counting starts anew. */
  #tellLoss(): void {
    const loss = this.#loss;
    if (loss === undefined) return;
    this.#append(loss.toGap());
    this.#draft?.carry(loss.outputBytes, loss.inputBytes);
    this.#loss = new Loss(loss.reason, loss.code);
  }

  #tell(trouble: Trouble): void {
    const what = noticeOf(trouble);
    if (what !== undefined && !this.#over)
      this.append({ kind: "notice", notice: { what, detail: trouble.detail } });
    this.#options.onTrouble?.(trouble);
  }
}
