import { type BlockHeader, decodeBlockHeader } from "./block.js";
import { BLOCK, BLOCK_MAGIC, CHAIN_SIZE, isZero } from "./layout.js";
import type { ByteWindow } from "./window.js";

/** A block of a plain recording whose frame is sound; what is inside is still to be looked at. */
export interface PlainBlock {
  readonly is: "block";
  readonly offset: number;
  readonly header: BlockHeader;
  /** Header and body: what the chain covers. */
  readonly covered: Buffer;
  readonly body: Buffer;
  readonly chain: Buffer;
  /** Empty when the block is not sealed. */
  readonly seal: Buffer;
}

/** What is found where a block should start. */
export type Found =
  | PlainBlock
  | { readonly is: "end" }
  /** The file ends inside of a block, of which `header` is known when it is whole. */
  | { readonly is: "torn"; readonly header: BlockHeader | undefined }
  | { readonly is: "zeros" }
  | { readonly is: "nothing" };

/** Looks at `at` for a block. @throws the system's error when the file can't be read */
export function findBlock(window: ByteWindow, at: number): Found {
  const rest = window.size - at;
  if (rest <= 0) return { is: "end" };
  const head = window.read(at, BLOCK.header);
  if (head.length < BLOCK.header) {
    if (isZero(head, 0, head.length)) return { is: "zeros" };
    return beginsLikeBlock(head) ? { is: "torn", header: undefined } : { is: "nothing" };
  }
  const header = decodeBlockHeader(head, 0);
  if (header === undefined) {
    const written = window.zerosFrom - at;
    if (written <= 0) return { is: "zeros" };
    const partly = written < BLOCK.header && beginsLikeBlock(head.subarray(0, written));
    return partly ? { is: "torn", header: undefined } : { is: "nothing" };
  }
  if (header.size > rest) return { is: "torn", header };
  const bytes = window.read(at, header.size);
  if (bytes.length < header.size) return { is: "torn", header };
  const bodyEnd = BLOCK.header + header.length;
  return {
    is: "block",
    offset: at,
    header,
    covered: bytes.subarray(0, bodyEnd),
    body: bytes.subarray(BLOCK.header, bodyEnd),
    chain: bytes.subarray(bodyEnd, bodyEnd + CHAIN_SIZE),
    seal: bytes.subarray(bodyEnd + CHAIN_SIZE),
  };
}

const MAGIC = Buffer.alloc(4);
MAGIC.writeUInt32LE(BLOCK_MAGIC);

function beginsLikeBlock(head: Buffer): boolean {
  const length = Math.min(head.length, MAGIC.length);
  return head.subarray(0, length).equals(MAGIC.subarray(0, length));
}
