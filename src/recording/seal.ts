import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { SessionId } from "../core/units.js";
import { sessionBytes } from "./header.js";
import { CHAIN_SIZE, PUBLIC_KEY_SIZE } from "./layout.js";

/** Signs recordings. The private key stays behind it. */
export interface Signer {
  /** Raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** An Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

const PREFIX = Buffer.from("bodycam seal v1\n");

/** The 76 bytes that a seal signs. */
export function sealMessage(session: SessionId, block: number, flags: number, chain: Uint8Array): Buffer {
  const message = Buffer.alloc(PREFIX.length + 16 + 12 + CHAIN_SIZE);
  message.set(PREFIX, 0);
  message.set(sessionBytes(session), 16);
  message.writeUInt32LE(block, 32);
  message[36] = flags;
  message.set(chain, 44);
  return message;
}

/** Checks seals of one recording. */
export class SealVerifier {
  readonly #session: SessionId;
  readonly #key: KeyObject | undefined;

  constructor(session: SessionId, publicKey: Uint8Array) {
    this.#session = session;
    this.#key = publicKeyObject(publicKey);
  }

  /** Whether `seal` is the signer's over this block. False for a key that is none. */
  check(block: number, flags: number, chain: Uint8Array, seal: Uint8Array): boolean {
    if (this.#key === undefined) return false;
    try {
      return verify(null, sealMessage(this.#session, block, flags, chain), this.#key, seal);
    } catch {
      return false;
    }
  }
}

function publicKeyObject(raw: Uint8Array): KeyObject | undefined {
  try {
    const x = Buffer.from(raw).toString("base64url");
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** How people tell one signer from another: `SHA256:` and the unpadded base64 hash of the raw public key. */
export function fingerprint(publicKey: Uint8Array): string {
  const digest = createHash("sha256").update(publicKey.subarray(0, PUBLIC_KEY_SIZE)).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}
