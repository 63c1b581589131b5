import { createHash, verify, X509Certificate } from "node:crypto";
import { children, type Der, der, elements, expect, TAG } from "./der.js";

/** What a time-stamp authority says (RFC 3161). */
export interface Stamp {
  /** When: wall clock, microseconds since 1970. */
  readonly at: number;
  /** The subject of the certificate that it is signed with; "" when that is not in it. */
  readonly authority: string;
}

const SHA256 = Buffer.from("0609608648016503040201", "hex");
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ["0609608648016503040201", "sha256"],
  ["0609608648016503040202", "sha384"],
  ["0609608648016503040203", "sha512"],
]);
const OID = {
  signedData: "06092a864886f70d010702",
  tstInfo: "060b2a864886f70d0109100104",
  messageDigest: "06092a864886f70d010904",
} as const;

/** A request for a time stamp over `data`, to be sent to an authority (RFC 3161, 2.4.1; `openssl ts -query`). */
export function stampRequest(data: Uint8Array): Uint8Array {
  const digest = createHash("sha256").update(data).digest();
  const algorithm = der(TAG.sequence, SHA256, Buffer.from([5, 0]));
  const version = der(TAG.integer, Buffer.from([1]));
  const withCertificate = der(TAG.boolean, Buffer.from([0xff]));
  return der(TAG.sequence, version, der(TAG.sequence, algorithm, der(TAG.octets, digest)), withCertificate);
}

/**
 * Reads an authority's response and checks it as far as that goes without knowing whom to trust: it stamps `data`, and
 * it is signed with the certificate that it names.
 */
export function readStamp(
  response: Uint8Array,
  data: Uint8Array,
): Stamp | "malformed" | "refused" | "other-data" {
  try {
    return check(Buffer.from(response), data);
  } catch {
    return "malformed";
  }
}

function check(response: Buffer, data: Uint8Array): Stamp | "malformed" | "refused" | "other-data" {
  const [outer, rest] = elements(response);
  if (rest !== undefined) return "malformed";
  const [status, token] = children(outer, TAG.sequence);
  const granted = expect(children(status, TAG.sequence)[0], TAG.integer).content[0];
  if (granted === undefined || granted > 1) return "refused";
  const [type, wrapped] = children(token, TAG.sequence);
  if (hex(type) !== OID.signedData) return "malformed";
  const signedData = children(elements(wrapped?.content ?? Buffer.alloc(0))[0], TAG.sequence);
  const [contentType, contentBox] = children(signedData[2], TAG.sequence);
  if (hex(contentType) !== OID.tstInfo) return "malformed";
  const content = expect(elements(contentBox?.content ?? Buffer.alloc(0))[0], TAG.octets).content;
  const info = children(elements(content)[0], TAG.sequence);
  const [algorithm, imprint] = children(info[2], TAG.sequence);
  const digest = DIGESTS.get(hex(children(algorithm, TAG.sequence)[0]));
  if (digest === undefined) return "malformed";
  if (!createHash(digest).update(data).digest().equals(expect(imprint, TAG.octets).content))
    return "other-data";
  const certificates = signedData
    .filter(({ tag }) => tag === TAG.context0)
    .flatMap((box) => elements(box.content));
  const authority = signerOf(signedData.at(-1), content, certificates);
  return authority === undefined ? "malformed" : { at: timeOf(expect(info[4], TAG.time).content), authority };
}

/** The subject of the certificate that signed `content`; undefined when none of them did (RFC 5652, 5.4). */
function signerOf(
  signers: Der | undefined,
  content: Buffer,
  certificates: readonly Der[],
): string | undefined {
  const info = children(children(signers, TAG.set)[0], TAG.sequence);
  const digest = DIGESTS.get(hex(children(info[2], TAG.sequence)[0]));
  const attributes = expect(info[3], TAG.context0);
  const signature = expect(info[5], TAG.octets).content;
  if (digest === undefined) return undefined;
  const said = elements(attributes.content)
    .map((attribute) => children(attribute, TAG.sequence))
    .find(([type]) => hex(type) === OID.messageDigest);
  const value = children(said?.[1], TAG.set)[0];
  if (!createHash(digest).update(content).digest().equals(expect(value, TAG.octets).content))
    return undefined;
  // What is signed is the attributes as the SET they are, not with the tag they have here.
  const signed = Buffer.from(attributes.whole);
  signed[0] = TAG.set;
  for (const { whole } of certificates) {
    const certificate = new X509Certificate(whole);
    // RFC 5816: the attributes name the signer's certificate by its hash.
    const named = ["sha1", "sha256", "sha384", "sha512"].some((name) =>
      attributes.content.includes(createHash(name).update(whole).digest()),
    );
    if (named && verify(digest, signed, certificate.publicKey, signature))
      return certificate.subject.replaceAll("\n", ", ");
  }
  return undefined;
}

const hex = (element: Der | undefined): string => element?.whole.toString("hex") ?? "";

/** GeneralizedTime, as RFC 3161 wants it: `20261124140307.5Z`. @throws RangeError */
function timeOf(bytes: Buffer): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(bytes.toString("latin1"));
  if (match === null) throw new RangeError("not a time");
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return (Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + Number(match[7] ?? 0)) * 1e6;
}
