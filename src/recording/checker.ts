import { byteOffset, type Micros, micros } from "../core/units.js";
import { type BlockHeader, FrameScan } from "./block.js";
import { chainOf } from "./chain.js";
import { Continuity } from "./continuity.js";
import { BLOCK, KIND } from "./layout.js";
import type { Problem } from "./problems.js";
import type { SealVerifier } from "./seal.js";

/** A block as the checker takes it: read from a plain recording, or made again from the columns of a packed one. */
export interface CheckedBlock {
  /** Where it is in the file (of a packed recording: its segment). */
  readonly offset: number;
  /** Whether the frames stand in the file as they do in `body`. */
  readonly inPlace: boolean;
  readonly header: BlockHeader;
  /** Header and body: what the chain covers. */
  readonly covered: Buffer;
  readonly body: Buffer;
  /** Stored chain value and seal; undefined for one that the file does not hold. */
  readonly chain: Buffer | undefined;
  readonly seal: Buffer | undefined;
}

/**
 * Checks the blocks of one recording, one after the other, and tells every problem. After one it goes on with the
 * values that the file itself gives, so that what follows is judged by itself.
 */
export class RecordingChecker {
  readonly continuity = new Continuity();
  blocks = 0;
  outputBytes = 0;
  /** Up to when a valid seal covers the session. */
  sealedUntil: Micros = micros(0);
  readonly #report: (problem: Problem) => void;
  readonly #seals: SealVerifier | undefined;
  #chain: Buffer | undefined;

  /** `start` is the genesis; without it, or without `seals`, the first link or the seals can't be checked. */
  constructor(
    report: (problem: Problem) => void,
    start: Buffer | undefined,
    seals: SealVerifier | undefined,
  ) {
    this.#report = report;
    this.#chain = start;
    this.#seals = seals;
  }

  /** The chain up to now; undefined behind something that could not be read. */
  get chain(): Buffer | undefined {
    return this.#chain;
  }

  /** A part could not be read: the chain is taken up again behind it. */
  lost(): void {
    this.#chain = undefined;
  }

  /** The file itself says what the chain's value is before block `block`. */
  stated(offset: number, block: number, chain: Buffer): void {
    const agrees = this.#chain === undefined || this.#chain.equals(chain);
    if (!agrees) this.#report({ kind: "chain-broken", offset: byteOffset(offset), block });
    this.#chain = Buffer.from(chain);
  }

  /** Blocks that could not be read, of which only this is known. */
  passOver(header: { readonly firstBlock: number; readonly blocks: number; readonly frames: number }): void {
    this.lost();
    this.continuity.number = header.firstBlock + header.blocks;
    this.continuity.seq += header.frames;
  }

  /** Checks a block; `visit` is called for each of its frames. */
  block(block: CheckedBlock, visit?: (scan: FrameScan) => void): void {
    const { header, offset } = block;
    this.blocks++;
    this.#tell(this.continuity.startBlock(offset, header));
    this.#frames(block, visit);
    this.#link(block);
  }

  #frames(block: CheckedBlock, visit: ((scan: FrameScan) => void) | undefined): void {
    const scan = new FrameScan(block.body);
    const { offset, inPlace } = block;
    while (scan.next()) {
      const at = inPlace ? offset + BLOCK.header + scan.offset : offset;
      this.#tell(this.continuity.frame(at, scan.code, scan.at));
      if (scan.code === KIND.output) this.outputBytes += scan.end - scan.start;
      visit?.(scan);
    }
    this.#tell(this.continuity.endBlock(scan));
  }

  #link({ header, offset, covered, chain, seal }: CheckedBlock): void {
    const where = { offset: byteOffset(offset), block: header.number };
    const computed = this.#chain === undefined ? undefined : chainOf(this.#chain, covered);
    const agrees = computed === undefined || chain === undefined || computed.equals(chain);
    if (!agrees) this.#tell({ kind: "chain-broken", ...where });
    const value = chain ?? computed;
    this.#chain = value === undefined ? undefined : Buffer.from(value);
    if (seal === undefined || value === undefined || this.#seals === undefined) return;
    if (!this.#seals.check(header.number, header.flags, value, seal))
      this.#tell({ kind: "seal-wrong", ...where });
    else if (agrees) this.sealedUntil = this.continuity.time;
  }

  #tell(problem: Problem | undefined): void {
    if (problem !== undefined) this.#report(problem);
  }
}
