import { createHash } from "node:crypto";
import { isVerdict, LONGEST_NOTE, type Review, type ReviewDraft } from "../core/review.js";
import { isSessionId } from "../core/units.js";

/** What the first entry is chained to. */
export const GENESIS = "0".repeat(64);

const HASH = /^[0-9a-f]{64}$/;
const FLAG = /^[0-9a-f]{1,64}$/;
const LONGEST_NAME = 256;

/** One line of a review log as it is read: the entry, and what ties it to the line before it. */
export interface Entry {
  readonly review: Review;
  readonly previous: string;
  /** How many bytes of an unfinished line stand before this one: what a crash left behind. */
  readonly torn: number;
}

/** The SHA-256 of a line without its line feed. */
export const hashOf = (line: string | Uint8Array): string => createHash("sha256").update(line).digest("hex");

/** An entry as its line, without a line feed. The order of the keys is part of the format. */
export function lineOf(draft: ReviewDraft, number: number, previous: string, torn: number): string {
  return JSON.stringify({
    n: number,
    prev: previous,
    session: draft.session,
    at_us: draft.at,
    by: draft.by,
    host: draft.host,
    flag: draft.flag ?? null,
    verdict: draft.verdict,
    note: draft.note,
    ...(torn > 0 && { torn }),
  });
}

/** What a line says; undefined when it is no entry. Whoever could write the file may have written it. */
export function entryOf(line: Uint8Array): Entry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const { n, prev, session, at_us, by, host, flag, verdict, note, torn } = json as Record<string, unknown>;
  if (!isCount(n) || !isCount(at_us) || !isCount(torn ?? 0)) return undefined;
  if (!isText(prev, 64) || !HASH.test(prev)) return undefined;
  if (!isText(session, 64) || !isSessionId(session)) return undefined;
  if (flag !== null && (!isText(flag, 64) || !FLAG.test(flag))) return undefined;
  if (!isText(by, LONGEST_NAME) || !isText(host, LONGEST_NAME) || !isText(note, LONGEST_NOTE))
    return undefined;
  if (!isVerdict(verdict)) return undefined;
  const said = { session, flag: flag ?? undefined, verdict, note, by, host, at: at_us };
  return {
    review: { ...said, number: n, hash: hashOf(line) },
    previous: prev,
    torn: isCount(torn) ? torn : 0,
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length <= longest;
