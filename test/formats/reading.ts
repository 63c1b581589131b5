import type { EventBody, Exit } from "../../src/core/event.js";
import { type Finding, Findings } from "../../src/formats/findings.js";
import type { FormatReader, Head, Read } from "../../src/formats/foreign.js";
import type { ByteSource } from "../../src/formats/typescript.js";

/** A foreign event with its time in microseconds and its bytes as text, as tests like to write them. */
export type Told = readonly [number, EventBody["kind"], string];

export interface Heard {
  readonly heads: readonly Head[];
  readonly events: readonly Told[];
  readonly exits: readonly Exit[];
  readonly findings: readonly Finding[];
  readonly kinds: readonly string[];
}

/** Reads a file in pieces of the given sizes (the last one again and again), each in a buffer that is then used again. */
export function hear(
  make: (findings: Findings) => FormatReader,
  file: Uint8Array | string,
  sizes: readonly number[] = [1 << 20],
): Heard {
  const bytes = Buffer.from(file);
  const findings = new Findings();
  const reader = make(findings);
  const reads: Read[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[Math.min(n, sizes.length - 1)] ?? 1;
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    reads.push(...reader.push(piece));
    piece.fill(0x58);
    at += size;
  }
  reads.push(...reader.end());
  const all = findings.all;
  return {
    heads: reads.flatMap((read) => (read.kind === "head" ? [read.head] : [])),
    events: reads.flatMap((read) =>
      read.kind === "event" ? [[read.at, read.body.kind, textOf(read.body)] as const] : [],
    ),
    exits: reads.flatMap((read) => (read.kind === "exit" ? [read.exit] : [])),
    findings: all,
    kinds: all.map(({ kind }) => kind),
  };
}

function textOf(body: EventBody): string {
  switch (body.kind) {
    case "output":
    case "input":
      return Buffer.from(body.data).toString("latin1");
    case "resize":
      return `${body.size.cols}x${body.size.rows}`;
    case "notice":
      return `${body.notice.what}: ${body.notice.detail}`;
    case "signal":
      return body.signal;
    default:
      return "";
  }
}

/** Bytes in memory, given out as they are asked for. */
export function sourceOf(file: Uint8Array | string): ByteSource {
  const bytes = Buffer.from(file);
  let at = 0;
  return {
    take(count) {
      const taken = bytes.subarray(at, at + count);
      at += taken.length;
      return taken;
    },
  };
}
