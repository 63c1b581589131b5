import { createHash, verify } from "node:crypto";
import type { Signer } from "../../recording/seal.js";
import { ed25519Key, keyOfWire, type SshPublicKey, type VerifyingKey, verifyingKey } from "./sshPublicKey.js";
import { SshReader, sshString, sshUint32 } from "./sshWire.js";

/**
 * SSH signatures of files, as OpenSSH's PROTOCOL.sshsig describes them: what `ssh-keygen -Y sign` makes and
 * `ssh-keygen -Y verify` checks.
 */
export interface SshSignature {
  readonly key: SshPublicKey;
  readonly namespace: string;
  readonly hash: "sha256" | "sha512";
  /** Type and blob, in SSH's wire form. */
  readonly signature: Uint8Array;
}

/** What ssh-keygen's manual calls the namespace for files. */
export const FILE_NAMESPACE = "file";

const MAGIC = "SSHSIG";
const BEGIN = "-----BEGIN SSH SIGNATURE-----";
const END = "-----END SSH SIGNATURE-----";
const LINE = 70;

/** Signs a message for the namespace `file`. @returns the armored signature */
export function signFile(signer: Signer, message: Uint8Array): string {
  const key = ed25519Key(signer.publicKey);
  const signed = signer.sign(toBeSigned(FILE_NAMESPACE, "sha512", message));
  const signature = Buffer.concat([sshString("ssh-ed25519"), sshString(signed)]);
  return armor(
    Buffer.concat([
      Buffer.from(MAGIC),
      sshUint32(1),
      sshString(key.wire),
      sshString(FILE_NAMESPACE),
      sshString(""),
      sshString("sha512"),
      sshString(signature),
    ]),
  );
}

function toBeSigned(namespace: string, hash: SshSignature["hash"], message: Uint8Array): Buffer {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([
    Buffer.from(MAGIC),
    sshString(namespace),
    sshString(""),
    sshString(hash),
    sshString(digest),
  ]);
}

function armor(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(new RegExp(`.{1,${LINE}}`, "g")) ?? [];
  return `${[BEGIN, ...lines, END].join("\n")}\n`;
}

/** Reads an armored signature strictly: undefined for anything that ssh-keygen would not have written. */
export function parseSignature(text: string): SshSignature | undefined {
  const body = new RegExp(`^${BEGIN}\n([A-Za-z0-9+/=\n]+)\n${END}\n$`).exec(text)?.[1];
  if (body === undefined) return undefined;
  const base64 = body.replaceAll("\n", "");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return undefined;
  try {
    const reader = new SshReader(bytes);
    if (reader.bytes(6).toString("latin1") !== MAGIC || reader.uint32() !== 1) return undefined;
    const key = keyOfWire(reader.string());
    const namespace = reader.text();
    if (reader.string().length > 0) return undefined;
    const hash = reader.text();
    const signature = reader.string();
    if (!reader.done || (hash !== "sha256" && hash !== "sha512")) return undefined;
    return { key, namespace, hash, signature };
  } catch {
    return undefined;
  }
}

/** Whether a signature is its key's over `message`. `unsupported`: a kind of key that is not known here. */
export function checkSignature(
  { key, namespace, hash, signature }: SshSignature,
  message: Uint8Array,
): "right" | "wrong" | "unsupported" {
  try {
    const verifying = verifyingKey(key);
    if (verifying === undefined) return "unsupported";
    return isRight(key.type, verifying, toBeSigned(namespace, hash, message), signature) ? "right" : "wrong";
  } catch {
    return "wrong";
  }
}

function isRight(
  keyType: string,
  verifying: VerifyingKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const reader = new SshReader(signature);
  const type = reader.text();
  const blob = reader.string();
  const data = verifying.application === undefined ? message : hardwareMessage(verifying, message, reader);
  if (!reader.done || (verifying.family !== "rsa" && type !== keyType)) return false;
  switch (verifying.family) {
    case "ed25519":
      return verify(null, data, verifying.key, blob);
    case "ecdsa": {
      const numbers = new SshReader(blob);
      const pair = [numbers.mpint(verifying.size), numbers.mpint(verifying.size)].map((number) =>
        Buffer.concat([Buffer.alloc(verifying.size - number.length), number]),
      );
      const key = { key: verifying.key, dsaEncoding: "ieee-p1363" } as const;
      return numbers.done && verify(verifying.digest, data, key, Buffer.concat(pair));
    }
    case "rsa": {
      // SHA-1 signatures ("ssh-rsa") are not accepted, as by ssh-keygen itself.
      if (type !== "rsa-sha2-256" && type !== "rsa-sha2-512") return false;
      return verify(type === "rsa-sha2-256" ? "sha256" : "sha512", data, verifying.key, blob);
    }
  }
}

/** What a security key signs instead of the message itself (OpenSSH's PROTOCOL.u2f). */
function hardwareMessage({ application = "" }: VerifyingKey, message: Uint8Array, reader: SshReader): Buffer {
  const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();
  return Buffer.concat([sha256(Buffer.from(application, "latin1")), reader.bytes(5), sha256(message)]);
}
