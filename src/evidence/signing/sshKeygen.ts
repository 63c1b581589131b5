import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { BodycamError, messageOf } from "../../core/errors.js";
import type { BundleSigner } from "./bundleSigner.js";
import { keyOfWire, parseKeyLine, type SshPublicKey } from "./sshPublicKey.js";
import { FILE_NAMESPACE, parseSignature } from "./sshSignature.js";
import { SshReader } from "./sshWire.js";

/**
 * Signs with a user's own SSH key through `ssh-keygen -Y sign`: of any kind, in a file (with a passphrase, asked for at
 * the terminal), in a security key, or in ssh-agent when `keyFile` is the public key.
 * @throws BodycamError `signing` when there is no such key
 */
export async function userSigner(keyFile: string): Promise<BundleSigner> {
  const key = await publicKeyOf(keyFile);
  return {
    key,
    sign: async (message) => {
      const signed = await sshKeygen(["-Y", "sign", "-f", keyFile, "-n", FILE_NAMESPACE], message);
      const signature = parseSignature(signed);
      if (signature === undefined || !Buffer.from(signature.key.wire).equals(key.wire))
        throw unusable(keyFile, "ssh-keygen signed with another key");
      return signed;
    },
  };
}

async function publicKeyOf(keyFile: string): Promise<SshPublicKey> {
  let text: string;
  try {
    text = readFileSync(keyFile, "utf8");
  } catch (error) {
    throw unusable(keyFile, messageOf(error));
  }
  const beside = `${keyFile}.pub`;
  const key =
    parseKeyLine(text) ??
    publicPart(text) ??
    (existsSync(beside) ? parseKeyLine(readFileSync(beside, "utf8")) : undefined) ??
    parseKeyLine(await sshKeygen(["-y", "-f", keyFile]));
  if (key === undefined) throw unusable(keyFile, "it is no SSH key");
  return key;
}

/** The public key that stands unencrypted in OpenSSH's private key files (PROTOCOL.key). */
function publicPart(text: string): SshPublicKey | undefined {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  try {
    const reader = new SshReader(Buffer.from(body, "base64"));
    if (reader.bytes(15).toString("latin1") !== "openssh-key-v1\0") return undefined;
    for (const _ of ["cipher", "kdf", "kdf options"]) reader.string();
    return reader.uint32() === 1 ? keyOfWire(reader.string()) : undefined;
  } catch {
    return undefined;
  }
}

/** Runs ssh-keygen; it asks for passphrases at the terminal by itself. @returns what it printed */
function sshKeygen(args: readonly string[], input: Uint8Array = new Uint8Array(0)): Promise<string> {
  const keyFile = args[args.indexOf("-f") + 1] ?? "";
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, { stdio: ["pipe", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.stdin.on("error", () => {});
    child.on("error", (error) => reject(unusable(keyFile, `ssh-keygen can't be run: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(unusable(keyFile, Buffer.concat(err).toString().trim().split("\n").at(-1) ?? "it failed"));
    });
    child.stdin.end(input);
  });
}

const unusable = (keyFile: string, why: string): BodycamError =>
  new BodycamError("signing", `The SSH key ${keyFile} can't be used to sign: ${why}.`, {
    hint: "Give the file of a private key, or of the public key of one that ssh-agent holds.",
  });
