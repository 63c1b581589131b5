import { crc32 } from "node:zlib";
import { isSessionId, type SessionId } from "../core/units.js";
import { asBuffer, FILE_MAGIC, FORMAT_VERSION, getU64, HEADER, PUBLIC_KEY_SIZE, putU64 } from "./layout.js";

/** The two forms of a recording: as it grows, and compressed after its end. */
export type Form = "plain" | "packed";

/** What the first 72 bytes of a recording say. */
export interface RecordingHeader {
  readonly version: number;
  readonly form: Form;
  readonly session: SessionId;
  /** Wall clock, microseconds since 1970-01-01T00:00Z. */
  readonly startedAt: number;
  /** The signer's Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What is wrong with a header, if anything. `magic` means that the file is no recording at all. */
export type HeaderDamage = "short" | "magic" | "checksum" | "version" | "fields";

export interface DecodedHeader {
  /** The fields as far as they can be read, also when `damage` is set. */
  readonly header: RecordingHeader;
  readonly damage: HeaderDamage | undefined;
}

/** A session id as its 16 bytes. */
export const sessionBytes = (session: SessionId): Buffer => Buffer.from(session.replaceAll("-", ""), "hex");

function sessionOf(bytes: Uint8Array): SessionId {
  const hex = asBuffer(bytes).toString("hex");
  const text = [0, 8, 12, 16, 20, 32]
    .map((at, i, all) => hex.slice(at, all[i + 1]))
    .slice(0, 5)
    .join("-");
  if (!isSessionId(text)) throw new RangeError("a session id is 16 bytes");
  return text;
}

/** The 72 bytes of a header. */
export function encodeHeader(header: Omit<RecordingHeader, "version">): Buffer {
  const bytes = Buffer.alloc(HEADER.size);
  bytes.set(FILE_MAGIC, 0);
  bytes.writeUInt16LE(FORMAT_VERSION, HEADER.version);
  bytes[HEADER.form] = header.form === "packed" ? 1 : 0;
  bytes.set(sessionBytes(header.session), HEADER.session);
  putU64(bytes, header.startedAt, HEADER.startedAt);
  bytes.set(header.publicKey.subarray(0, PUBLIC_KEY_SIZE), HEADER.publicKey);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER.crc)), HEADER.crc);
  return bytes;
}

/** Reads a header from the first bytes of a file (fewer than 72 when the file is shorter). Never throws. */
export function decodeHeader(data: Uint8Array): DecodedHeader {
  const bytes = Buffer.alloc(HEADER.size);
  bytes.set(data.subarray(0, HEADER.size));
  const startedAt = getU64(bytes, HEADER.startedAt);
  const header: RecordingHeader = {
    version: bytes.readUInt16LE(HEADER.version),
    form: bytes[HEADER.form] === 1 ? "packed" : "plain",
    session: sessionOf(bytes.subarray(HEADER.session, HEADER.startedAt)),
    startedAt: startedAt ?? 0,
    publicKey: Uint8Array.from(bytes.subarray(HEADER.publicKey, HEADER.publicKey + PUBLIC_KEY_SIZE)),
  };
  return { header, damage: damageOf(data.length, bytes, header, startedAt) };
}

function damageOf(
  length: number,
  bytes: Buffer,
  header: RecordingHeader,
  startedAt: number | undefined,
): HeaderDamage | undefined {
  const known = Math.min(length, FILE_MAGIC.length);
  if (length === 0 || !bytes.subarray(0, known).equals(FILE_MAGIC.subarray(0, known))) return "magic";
  if (length < HEADER.size) return "short";
  if (bytes.readUInt32LE(HEADER.crc) !== crc32(bytes.subarray(0, HEADER.crc))) return "checksum";
  if (header.version !== FORMAT_VERSION) return "version";
  const sound = (bytes[HEADER.form] ?? 2) <= 1 && bytes[HEADER.reserved] === 0 && startedAt !== undefined;
  return sound ? undefined : "fields";
}
