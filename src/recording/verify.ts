import { closeSync } from "node:fs";
import { BodycamError, systemCode } from "../core/errors.js";
import { byteOffset, type Micros, type SessionId } from "../core/units.js";
import { genesis } from "./chain.js";
import { RecordingChecker } from "./checker.js";
import { decodeHeader, type Form } from "./header.js";
import { FORMAT_VERSION, HEADER, SEGMENT_MAGIC } from "./layout.js";
import { type OpenFile, openForReading, readStart } from "./openFile.js";
import { gravity, type Problem } from "./problems.js";
import { fingerprint, SealVerifier } from "./seal.js";
import { verifyPacked } from "./verifyPacked.js";
import { verifyPlain } from "./verifyPlain.js";
import { ByteWindow } from "./window.js";

export interface VerifyReport {
  /**
   * `intact`: complete, and everything agrees. `incomplete`: no end, but everything there agrees. `altered`:
   * something does not agree.
   */
  readonly outcome: "intact" | "incomplete" | "altered";
  readonly problems: readonly Problem[];
  readonly form: Form;
  readonly session: SessionId;
  /** Wall clock at the start, microseconds since 1970. */
  readonly startedAt: number;
  readonly frames: number;
  readonly blocks: number;
  /** Up to when a valid seal covers the session. */
  readonly sealedUntil: Micros;
  readonly outputBytes: number;
  readonly signer: { readonly fingerprint: string };
  /** The chain's last value; empty when it is not known. */
  readonly head: Uint8Array;
}

/** More problems than this are counted, not kept: a hostile file has as many as it likes. */
const MOST_PROBLEMS = 10_000;

/**
 * Checks everything about a recording and reports every problem. Never repairs, and never throws for what is in the
 * file, except that a later format can't be judged.
 * @throws BodycamError `no-session`, `not-a-recording` (no regular file), `io`, `unsupported-version`
 */
export async function verifyRecording(path: string): Promise<VerifyReport> {
  const file = openForReading(path);
  try {
    return await verifyFile(file);
  } finally {
    closeSync(file.fd);
  }
}

/** The same for a file that is open. */
export async function verifyFile(file: OpenFile): Promise<VerifyReport> {
  const problems: Problem[] = [];
  let more: { offset: Problem["offset"]; count: number } | undefined;
  const report = (problem: Problem): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
    else if (more === undefined) more = { offset: problem.offset, count: 1 };
    else more.count++;
  };
  const start = readStart(file, HEADER.size + 4);
  const { header, damage } = decodeHeader(start);
  if (damage === "version") throw unsupported(header.version);
  if (damage !== undefined) report({ kind: "header-damaged", offset: byteOffset(0), damage });
  const sound = damage === undefined;
  const checker = new RecordingChecker(
    report,
    sound ? genesis(start) : undefined,
    sound ? new SealVerifier(header.session, header.publicKey) : undefined,
  );
  const window = new ByteWindow(file.fd, file.size, "reused", file.from);
  const form = sound ? header.form : formByContent(start);
  try {
    if (file.size > HEADER.size)
      await (form === "packed" ? verifyPacked : verifyPlain)(window, checker, report);
    else if (sound) report({ kind: "no-end", offset: byteOffset(file.size) });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    report({ kind: "unreadable", offset: byteOffset(0), code });
  }
  if (more !== undefined) problems.push({ kind: "more", ...more });
  return {
    outcome: outcomeOf(problems),
    problems,
    form,
    session: header.session,
    startedAt: header.startedAt,
    frames: checker.continuity.seq,
    blocks: checker.blocks,
    sealedUntil: checker.sealedUntil,
    outputBytes: checker.outputBytes,
    signer: { fingerprint: fingerprint(header.publicKey) },
    head: checker.chain ?? new Uint8Array(0),
  };
}

function outcomeOf(problems: readonly Problem[]): VerifyReport["outcome"] {
  if (problems.length === 0) return "intact";
  return problems.some((problem) => gravity(problem) === "altered") ? "altered" : "incomplete";
}

/** What the form is when the header can't be trusted to say. */
function formByContent(start: Buffer): Form {
  return start.length >= HEADER.size + 4 && start.readUInt32LE(HEADER.size) === SEGMENT_MAGIC
    ? "packed"
    : "plain";
}

const unsupported = (version: number): BodycamError =>
  new BodycamError(
    "unsupported-version",
    `This is a recording of format ${version}, and this bodycam knows formats up to ${FORMAT_VERSION}.`,
    { hint: "Verify it with a newer bodycam." },
  );
