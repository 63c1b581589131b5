import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { BodycamError, messageOf } from "../core/errors.js";
import { byteOffset } from "../core/units.js";
import { genesis } from "./chain.js";
import { RecordingChecker } from "./checker.js";
import { ColumnBuilder } from "./columns.js";
import { syncDirectory, syncFile } from "./disk.js";
import { decodeHeader, encodeHeader } from "./header.js";
import { HEADER, MAX_COLUMN } from "./layout.js";
import { type OpenFile, openForReading, readStart, sizeOf } from "./openFile.js";
import { SEGMENT_TARGET } from "./packing.js";
import { nameBeside } from "./place.js";
import { findBlock } from "./plain.js";
import type { Problem } from "./problems.js";
import { SealVerifier } from "./seal.js";
import { SegmentWriter } from "./segmentWriter.js";
import { verifyFile } from "./verify.js";
import { ByteWindow } from "./window.js";

/** What became of a recording that was to be packed. */
export type PackResult =
  | { readonly packed: true; readonly bytesBefore: number; readonly bytesAfter: number }
  /** It is not complete, or not as it should be, and was left alone. */
  | { readonly packed: false; readonly problem: Problem };

export interface PackOptions {
  /** Told now and then: bytes of the source that are done, and how many there are. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Writes the packed form of a complete plain recording to `destination`, which may be the recording itself. It is
 * written under another name (mode 0600), synced and verified before it takes the destination's place. A recording
 * that is packed already stays as it is.
 * @param source a path, or a descriptor that holds the whole recording
 * @throws BodycamError `no-session`, `not-a-recording`, `io`; then the destination is as it was
 */
export async function packRecording(
  source: string | number,
  destination: string,
  options: PackOptions = {},
): Promise<PackResult> {
  const file = typeof source === "string" ? openForReading(source) : { fd: source, size: sizeOf(source) };
  const draft = nameBeside(destination);
  try {
    return await pack(file, draft, destination, options);
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof BodycamError) throw error;
    throw new BodycamError("io", `The recording could not be packed: ${messageOf(error)}.`, {
      hint: "It is kept as it was, only bigger. Check the space on its disk.",
      cause: error,
    });
  } finally {
    if (typeof source === "string") closeSync(file.fd);
  }
}

async function pack(
  file: OpenFile,
  draft: string,
  destination: string,
  options: PackOptions,
): Promise<PackResult> {
  const start = readStart(file, HEADER.size);
  const { header, damage } = decodeHeader(start);
  if (damage !== undefined)
    return { packed: false, problem: { kind: "header-damaged", offset: byteOffset(0), damage } };
  if (header.form === "packed") return { packed: true, bytesBefore: file.size, bytesAfter: file.size };
  const problems: Problem[] = [];
  const checker = new RecordingChecker(
    (problem) => problems.push(problem),
    genesis(start),
    new SealVerifier(header.session, header.publicKey),
  );
  const fd = openSync(draft, "wx+", 0o600);
  try {
    const writer = new SegmentWriter(fd, encodeHeader({ ...header, form: "packed" }), file.size);
    const problem = await packBlocks(file, checker, problems, writer, options);
    if (problem !== undefined) {
      rmSync(draft, { force: true });
      return { packed: false, problem };
    }
    const bytesAfter = await writer.finish();
    await syncFile(fd);
    const report = await verifyFile({ fd, size: bytesAfter });
    const same = checker.chain?.equals(report.head) === true;
    if (report.outcome !== "intact" || !same) throw new Error("what was written does not read back the same");
    renameSync(draft, destination);
    await syncDirectory(destination);
    return { packed: true, bytesBefore: file.size, bytesAfter };
  } finally {
    closeSync(fd);
  }
}

/** Takes the blocks apart into segments, checking each on the way. @returns the first problem */
async function packBlocks(
  file: OpenFile,
  checker: RecordingChecker,
  problems: readonly Problem[],
  writer: SegmentWriter,
  { onProgress }: PackOptions,
): Promise<Problem | undefined> {
  const window = new ByteWindow(file.fd, file.size, "reused");
  let columns: ColumnBuilder | undefined;
  for (let at: number = HEADER.size; ; ) {
    const offset = byteOffset(at);
    const found = findBlock(window, at);
    if (found.is === "end") return checker.continuity.ended ? undefined : { kind: "no-end", offset };
    if (found.is !== "block") return { kind: "torn", offset };
    if (checker.continuity.ended) return { kind: "after-end", offset, bytes: file.size - at };
    const { header } = found;
    columns ??= new ColumnBuilder(header, checker.chain ?? new Uint8Array(0), writer.lend());
    const builder = columns;
    builder.block(header);
    // Only the seal that ends a segment goes into the packed form, and it covers all before it.
    const full = builder.largest + header.length >= SEGMENT_TARGET;
    const seal = header.sealed && (full || header.end) ? found.seal : undefined;
    checker.block({ ...found, inPlace: true, seal }, (scan) => builder.frame(scan));
    if (problems[0] !== undefined) return problems[0];
    at += header.size;
    if (builder.largest > MAX_COLUMN) return { kind: "no-seal", offset };
    if (seal === undefined) continue;
    await writer.add(builder, Buffer.from(seal));
    columns = undefined;
    onProgress?.(at, file.size);
  }
}
