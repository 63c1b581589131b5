import type { Signer } from "../../recording/seal.js";
import { ed25519Key, type SshPublicKey } from "./sshPublicKey.js";
import { signFile } from "./sshSignature.js";

/** Who signs a bundle. */
export interface BundleSigner {
  readonly key: SshPublicKey;
  /** An armored SSH signature of the message, for the namespace `file`. @throws BodycamError `signing` */
  sign(message: Uint8Array): Promise<string>;
}

/** The key of this bodycam home, which also seals its recordings. */
export const deviceSigner = (signer: Signer): BundleSigner => ({
  key: ed25519Key(signer.publicKey),
  sign: async (message) => signFile(signer, message),
});
