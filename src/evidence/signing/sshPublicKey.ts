import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { SshReader, sshString } from "./sshWire.js";

/** A public key as SSH writes it: RFC 4253, 6.6; RFC 5656; RFC 8709; OpenSSH's PROTOCOL.u2f. */
export interface SshPublicKey {
  readonly type: string;
  /** The whole key in SSH's wire form. */
  readonly wire: Uint8Array;
}

/** A raw Ed25519 public key (32 bytes) as SSH writes it. */
export const ed25519Key = (raw: Uint8Array): SshPublicKey => ({
  type: "ssh-ed25519",
  wire: Buffer.concat([sshString("ssh-ed25519"), sshString(raw)]),
});

const ED25519_SIZE = 32;

/** The raw 32 bytes of an Ed25519 key; undefined for keys of other types, and for malformed ones. */
export function rawEd25519(key: SshPublicKey): Uint8Array | undefined {
  if (key.type !== "ssh-ed25519") return undefined;
  const raw = key.wire.subarray(-ED25519_SIZE);
  return Buffer.from(ed25519Key(raw).wire).equals(key.wire) ? raw : undefined;
}

/** `ssh-ed25519 AAAA…`, without a comment. */
export const keyLine = ({ type, wire }: SshPublicKey): string =>
  `${type} ${Buffer.from(wire).toString("base64")}`;

/** A key from its wire form. @throws RangeError */
export function keyOfWire(wire: Uint8Array): SshPublicKey {
  return { type: new SshReader(wire).text(), wire };
}

/** A key from a line of a .pub file, or undefined when it is none. */
export function parseKeyLine(line: string): SshPublicKey | undefined {
  const [, type, base64] = /^(\S+) ([A-Za-z0-9+/]+={0,2})(?:[ \t].*)?$/.exec(line.trim()) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  const wire = Buffer.from(base64, "base64");
  try {
    return new SshReader(wire).text() === type ? { type, wire } : undefined;
  } catch {
    return undefined;
  }
}

/** As `ssh-keygen -l` prints it: `SHA256:` and the unpadded base64 of the wire form's hash. */
export const sshFingerprint = (key: SshPublicKey): string =>
  `SHA256:${createHash("sha256").update(key.wire).digest("base64").replace(/=+$/, "")}`;

/** What is needed to check a signature of a key. */
export interface VerifyingKey {
  readonly key: KeyObject;
  readonly family: "ed25519" | "ecdsa" | "rsa";
  /** ECDSA: how long each number of a signature is, and the digest that belongs to the curve. */
  readonly size: number;
  readonly digest: string;
  /** Of keys that live in a security key: what it was made for, part of what it signs. */
  readonly application: string | undefined;
}

const CURVES: Readonly<Record<string, { crv: string; size: number; digest: string }>> = {
  nistp256: { crv: "P-256", size: 32, digest: "sha256" },
  nistp384: { crv: "P-384", size: 48, digest: "sha384" },
  nistp521: { crv: "P-521", size: 66, digest: "sha512" },
};

/** The key in a form that signatures can be checked with. @throws RangeError, or undefined for unknown types */
export function verifyingKey({ type, wire }: SshPublicKey): VerifyingKey | undefined {
  const reader = new SshReader(wire);
  reader.string();
  const inHardware = type.startsWith("sk-");
  if (/^(sk-)?ssh-ed25519(@openssh\.com)?$/.test(type)) {
    const x = reader.string().toString("base64url");
    const application = inHardware ? reader.text() : undefined;
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return { key, family: "ed25519", size: 64, digest: "", application };
  }
  if (/^(sk-)?ecdsa-sha2-nistp(256|384|521)(@openssh\.com)?$/.test(type)) {
    const curve = CURVES[reader.text()];
    const point = reader.string();
    if (curve === undefined || point[0] !== 4 || point.length !== 1 + 2 * curve.size)
      throw new RangeError("not a point of the curve");
    const application = inHardware ? reader.text() : undefined;
    const [x, y] = [point.subarray(1, 1 + curve.size), point.subarray(1 + curve.size)].map((half) =>
      half.toString("base64url"),
    );
    const key = createPublicKey({
      key: { kty: "EC", crv: curve.crv, x: x as string, y: y as string },
      format: "jwk",
    });
    return { key, family: "ecdsa", size: curve.size, digest: curve.digest, application };
  }
  if (type === "ssh-rsa") {
    const [e, n] = [reader.mpint(), reader.mpint()].map((number) => number.toString("base64url"));
    const key = createPublicKey({ key: { kty: "RSA", e: e as string, n: n as string }, format: "jwk" });
    return { key, family: "rsa", size: 0, digest: "", application: undefined };
  }
  return undefined;
}
