import { Encrypter, type Recipient, Stanza } from "age-encryption";
import { BodycamError } from "../../core/errors.js";
import { parseKeyLine } from "../signing/sshPublicKey.js";
import { type SshStanza, sshStanza } from "./sshRecipient.js";

/**
 * Encrypts what it is given for its recipients, in the age format (age-encryption.org/v1).
 * @param recipients age's own (`age1…`), or SSH public keys as they stand in a .pub file (Ed25519 and RSA)
 * @throws BodycamError `bad-usage` for anything else
 */
export function encrypterFor(
  recipients: readonly string[],
): (content: AsyncGenerator<Uint8Array, void>) => AsyncIterable<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return async function* (content) {
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { value, done } = await content.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await content.return();
      },
    });
    yield* (await encrypter.encrypt(stream)) as unknown as AsyncIterable<Uint8Array>;
  };
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  const key = parseKeyLine(recipient);
  try {
    encrypter.addRecipient(key === undefined ? recipient : sshRecipient(sshStanza(key)));
  } catch (error) {
    throw new BodycamError("bad-usage", `"${recipient.slice(0, 60)}" is nobody that can be encrypted for.`, {
      hint: "Give an age recipient (age1…), an SSH public key of type ssh-ed25519 or ssh-rsa, or a file with one. Keys in security keys (sk-…) and ECDSA keys can only sign.",
      cause: error,
    });
  }
}

const sshRecipient = (wrap: (fileKey: Uint8Array) => SshStanza): Recipient => ({
  wrapFileKey: (fileKey) => {
    const { args, body } = wrap(fileKey);
    return [new Stanza([...args], body)];
  },
});
