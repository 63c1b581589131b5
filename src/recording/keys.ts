import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { BodycamError, messageOf, systemCode } from "../core/errors.js";
import { makeDirectories } from "./directories.js";
import type { Signer } from "./seal.js";

/** Where the identity key of a bodycam home lies. */
export const keyPath = (home: string): string => join(home, "keys", "signing.key");

/** A signer for a private key in memory. */
export function signerOf(key: KeyObject): Signer {
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (key.asymmetricKeyType !== "ed25519" || x === undefined) throw new TypeError("not an Ed25519 key");
  return {
    publicKey: Uint8Array.from(Buffer.from(x, "base64url")),
    sign: (message) => sign(null, message, key),
  };
}

/** A signer with a new key that is kept nowhere. */
export const temporarySigner = (): Signer => signerOf(generateKeyPairSync("ed25519").privateKey);

/**
 * The signer of a home; its key is made on first use (PKCS8 PEM, mode 0600, in a directory of mode 0700).
 * @throws BodycamError `home-not-writable` when there is no key and none can be made, `io` when there is one that can't be used.
 */
export function loadSigner(home: string): Signer {
  const path = keyPath(home);
  return readKey(path) ?? makeKey(path) ?? unusable(path, "it vanished while it was being made");
}

function readKey(path: string): Signer | undefined {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    return unusable(path, messageOf(error), error);
  }
  try {
    return signerOf(createPrivateKey(pem));
  } catch (error) {
    return unusable(path, "it does not hold an Ed25519 private key in PEM", error);
  }
}

/** Makes the key under a name of its own and links it into place, so that of two starting cameras one key wins. */
function makeKey(path: string): Signer | undefined {
  const draft = `${path}.${process.pid}.new`;
  try {
    makeDirectories(dirname(path));
    rmSync(draft, { force: true });
    const fd = openSync(draft, "wx", 0o600);
    try {
      writeSync(
        fd,
        generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      );
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    try {
      linkSync(draft, path);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    throw new BodycamError(
      "home-not-writable",
      `The signing key ${path} can't be created: ${messageOf(error)}.`,
      {
        hint: "Make the directory writable for you, or set BODYCAM_HOME to one that is.",
        cause: error,
      },
    );
  }
  return readKey(path);
}

function unusable(path: string, why: string, cause?: unknown): never {
  throw new BodycamError("io", `The signing key ${path} can't be used: ${why}.`, {
    hint: "Make it readable for you, or move it away; bodycam then makes a new one.",
    cause,
  });
}
