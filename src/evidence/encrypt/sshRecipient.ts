import {
  constants,
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  publicEncrypt,
} from "node:crypto";
import { rawEd25519, type SshPublicKey, verifyingKey } from "../signing/sshPublicKey.js";

/** A line of an age file's header: to whom the file's key is given, and the key, encrypted for them. */
export interface SshStanza {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

/**
 * How age gives a file's key to the holder of an SSH key: the `ssh-ed25519` and `ssh-rsa` stanzas of filippo.io/age
 * (agessh), which `age -d -i ~/.ssh/id_ed25519` opens.
 * @throws RangeError for keys that can't be encrypted for
 */
export function sshStanza(key: SshPublicKey): (fileKey: Uint8Array) => SshStanza {
  const tag = base64(createHash("sha256").update(key.wire).digest().subarray(0, 4));
  const raw = rawEd25519(key);
  if (raw !== undefined) {
    const point = montgomery(raw);
    return (fileKey) => ed25519Stanza(key, point, tag, fileKey);
  }
  const rsa = key.type === "ssh-rsa" ? verifyingKey(key)?.key : undefined;
  if (rsa === undefined) throw new RangeError(`keys of type ${key.type} can't be encrypted for`);
  return (fileKey) => ({
    args: ["ssh-rsa", tag],
    body: publicEncrypt(
      {
        key: rsa,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: "sha256",
        oaepLabel: Buffer.from("age-encryption.org/v1/ssh-rsa"),
      },
      fileKey,
    ),
  });
}

const INFO = "age-encryption.org/v1/ssh-ed25519";

function ed25519Stanza(key: SshPublicKey, point: Uint8Array, tag: string, fileKey: Uint8Array): SshStanza {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const share = Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url");
  const tweak = new Uint8Array(hkdfSync("sha256", new Uint8Array(0), key.wire, INFO, 32));
  const shared = x25519(tweak, diffieHellman({ privateKey, publicKey: x25519Public(point) }));
  const salt = Buffer.concat([share, point]);
  const wrapping = new Uint8Array(hkdfSync("sha256", shared, salt, INFO, 32));
  const cipher = createCipheriv("chacha20-poly1305", wrapping, Buffer.alloc(12), { authTagLength: 16 });
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return { args: ["ssh-ed25519", tag, base64(share)], body };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

const x25519Public = (point: Uint8Array) =>
  createPublicKey({
    key: { kty: "OKP", crv: "X25519", x: Buffer.from(point).toString("base64url") },
    format: "jwk",
  });

/** X25519 of a scalar and a point (RFC 7748). */
function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  // PKCS8 of an X25519 key (RFC 8410) is this prefix and the scalar.
  const prefix = Buffer.from("302e020100300506032b656e04220420", "hex");
  const privateKey = createPrivateKey({ key: Buffer.concat([prefix, scalar]), format: "der", type: "pkcs8" });
  return diffieHellman({ privateKey, publicKey: x25519Public(point) });
}

const P = 2n ** 255n - 19n;

/** An Ed25519 public key as the X25519 one of the same secret: u = (1 + y) / (1 - y) (RFC 7748, 4.1). */
function montgomery(raw: Uint8Array): Uint8Array {
  const y = BigInt(`0x${Buffer.from(raw).reverse().toString("hex")}`) & ((1n << 255n) - 1n);
  const u = ((1n + y) * power((1n - y + P) % P, P - 2n)) % P;
  return Buffer.from(u.toString(16).padStart(64, "0"), "hex").reverse();
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base % P, exponent]; e > 0n; e >>= 1n, b = (b * b) % P)
    if ((e & 1n) === 1n) result = (result * b) % P;
  return result;
}
