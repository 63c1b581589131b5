import type { ByteOffset, Seq } from "../core/units.js";
import type { HeaderDamage } from "./header.js";

interface Where {
  /** Where in the file. */
  readonly offset: ByteOffset;
}

interface InBlock extends Where {
  readonly block: number;
}

interface InFrame extends InBlock {
  readonly frame: Seq;
}

/** Something about a recording that is not as docs/format.md says. */
export type Problem =
  | (Where & { readonly kind: "header-damaged"; readonly damage: HeaderDamage })
  /** Nothing that is a block, up to `until`. */
  | (Where & { readonly kind: "no-block"; readonly until: ByteOffset })
  | (InBlock & { readonly kind: "block-out-of-place"; readonly expected: number })
  | (InBlock & { readonly kind: "block-disagrees"; readonly what: "frames" | "time" })
  | (InBlock & { readonly kind: "chain-broken" })
  | (InBlock & { readonly kind: "seal-wrong" })
  | (InFrame & { readonly kind: "frame-damaged" })
  | (InFrame & { readonly kind: "frame-misplaced"; readonly what: "time" | "open" | "end" })
  | (Where & { readonly kind: "after-end"; readonly bytes: number })
  | (Where & { readonly kind: "segment-damaged"; readonly segment: number; readonly what: SegmentDamage })
  /** The file ends inside a block or segment, as after a killed recorder. */
  | (Where & { readonly kind: "torn" })
  /** The file goes on with zero bytes only, as after a power cut. */
  | (Where & { readonly kind: "zeros"; readonly bytes: number })
  | (Where & { readonly kind: "no-end" })
  /** So long without a seal that it can't be packed. */
  | (Where & { readonly kind: "no-seal" })
  | (Where & { readonly kind: "unreadable"; readonly code: string })
  /** So many more problems that they are only counted. */
  | (Where & { readonly kind: "more"; readonly count: number });

export type SegmentDamage = "header" | "checksum" | "compression" | "columns" | "unsealed";

/** What a problem says of its recording: bytes were changed, or it only ends too early. */
export function gravity(problem: Problem): "altered" | "incomplete" {
  switch (problem.kind) {
    case "torn":
    case "zeros":
    case "no-end":
    case "no-seal":
    case "unreadable":
      return "incomplete";
    default:
      return "altered";
  }
}

/** A problem in one plain sentence. */
export function problemText(problem: Problem): string {
  const at = `at byte ${problem.offset}`;
  switch (problem.kind) {
    case "header-damaged":
      return HEADER[problem.damage];
    case "no-block":
      return `From byte ${problem.offset} to ${problem.until} there is no valid block.`;
    case "block-out-of-place":
      return `Block ${problem.block} ${at} stands where block ${problem.expected} should be: blocks are missing or in the wrong order.`;
    case "block-disagrees":
      return `Block ${problem.block} ${at} does not say the ${problem.what === "time" ? "time" : "number"} of its own frames.`;
    case "chain-broken":
      return `Block ${problem.block} ${at} does not continue the hash chain: its content, or what comes before it, was changed.`;
    case "seal-wrong":
      return `The seal of block ${problem.block} ${at} is not the signer's.`;
    case "frame-damaged":
      return `Frame ${problem.frame} ${at} (block ${problem.block}) is damaged.`;
    case "frame-misplaced":
      return `Frame ${problem.frame} ${at} (block ${problem.block}) ${MISPLACED[problem.what]}.`;
    case "after-end":
      return `After the end of the session, ${at}, ${problem.bytes} more bytes follow.`;
    case "segment-damaged":
      return `Segment ${problem.segment} ${at} ${SEGMENT[problem.what]}.`;
    case "torn":
      return `The file ends in the middle of a block that starts ${at}: the recorder was stopped while it was writing.`;
    case "zeros":
      return `From byte ${problem.offset} on there are only zeros (${problem.bytes} bytes), as after a power failure.`;
    case "no-end":
      return `The recording ends ${at} without the end of the session: the recorder was stopped before.`;
    case "no-seal":
      return `Before byte ${problem.offset} there is no seal for so long that the recording can't be packed.`;
    case "unreadable":
      return `The file can't be read further ${at} (${problem.code}).`;
    case "more":
      return `There are ${problem.count} more problems, the next one ${at}.`;
  }
}

const HEADER: Readonly<Record<HeaderDamage, string>> = {
  short: "The file is shorter than the header of a recording.",
  magic: "The file does not begin as a recording does.",
  checksum: "The header of the recording was changed: its checksum does not agree.",
  version: "The recording was written in a format that this bodycam does not know.",
  fields: "The header of the recording has values that no bodycam writes.",
};

const MISPLACED = {
  time: "is earlier than the one before it",
  open: "opens the session but is not the first one, or the first one does not open it",
  end: "ends the session but is not the last one, or the last one does not end it",
} as const;

const SEGMENT: Readonly<Record<SegmentDamage, string>> = {
  header: "has a header that is not valid",
  checksum: "was changed: its checksum does not agree",
  compression: "can't be decompressed",
  columns: "holds columns that do not agree with each other",
  unsealed: "does not end with a sealed block",
};
