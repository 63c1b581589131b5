import { keyLine, parseKeyLine, type SshPublicKey } from "./sshPublicKey.js";
import { FILE_NAMESPACE } from "./sshSignature.js";

/** Whom `ssh-keygen -Y verify -I` is asked about. */
export const PRINCIPAL = "bodycam";

/** An allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS) with one signer. */
export const allowedSigners = (key: SshPublicKey): string =>
  `${PRINCIPAL} namespaces="${FILE_NAMESPACE}" ${keyLine(key)}\n`;

/** The keys of an allowed_signers file, of whatever principals. */
export function keysIn(text: string): readonly SshPublicKey[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .flatMap((line) => {
      const match = /\b((?:ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/]+={0,2})/.exec(line);
      return match === null ? [] : (parseKeyLine(match[1] as string) ?? []);
    });
}
