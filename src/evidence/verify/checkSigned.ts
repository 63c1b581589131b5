import { SIGNATURE, TAG_MANIFEST } from "../bundle/names.js";
import { keysIn } from "../signing/allowedSigners.js";
import { parseKeyLine, type SshPublicKey, sshFingerprint } from "../signing/sshPublicKey.js";
import { checkSignature, FILE_NAMESPACE, parseSignature } from "../signing/sshSignature.js";
import { type BagReading, smallFile } from "./bagReading.js";
import type { SignatureReport } from "./bundleReport.js";

/** Checks the signature over the tag manifest, and that the bag's own key files name its key. */
export async function checkSigned(
  bag: BagReading,
  files: readonly string[],
  expected: string | undefined,
): Promise<{ readonly report: SignatureReport; readonly key: SshPublicKey } | undefined> {
  const { problems } = bag;
  if (!files.includes(SIGNATURE) || !files.includes(TAG_MANIFEST)) return undefined;
  const armored = await smallFile(bag, SIGNATURE);
  const manifest = await smallFile(bag, TAG_MANIFEST);
  if (armored === undefined || manifest === undefined) return undefined;
  const signature = parseSignature(Buffer.from(armored).toString("latin1"));
  if (signature === undefined) {
    problems.push({ kind: "signature", file: SIGNATURE, what: "malformed" });
    return undefined;
  }
  const { key } = signature;
  const outcome = checkSignature(signature, manifest);
  if (outcome !== "right") problems.push({ kind: "signature", file: SIGNATURE, what: outcome });
  if (signature.namespace !== FILE_NAMESPACE)
    problems.push({ kind: "signature", file: SIGNATURE, what: "namespace" });
  await checkKeyFiles(bag, files, key);
  const fingerprint = sshFingerprint(key);
  if (expected !== undefined && expected !== fingerprint)
    problems.push({ kind: "other-signer", file: SIGNATURE, fingerprint });
  return {
    key,
    report: {
      fingerprint,
      keyType: key.type,
      right: outcome === "right" && signature.namespace === FILE_NAMESPACE,
      expected: expected === undefined ? undefined : expected === fingerprint,
    },
  };
}

async function checkKeyFiles(bag: BagReading, files: readonly string[], key: SshPublicKey): Promise<void> {
  const { problems } = bag;
  for (const file of ["allowed_signers", "signer.pub"] as const) {
    if (!files.includes(file)) continue;
    const text = Buffer.from((await smallFile(bag, file)) ?? []).toString("utf8");
    const keys =
      file === "allowed_signers" ? keysIn(text) : [parseKeyLine(text)].filter((k) => k !== undefined);
    if (keys.length === 0) problems.push({ kind: "signer", file, what: "malformed" });
    else if (!keys.some(({ wire }) => Buffer.from(wire).equals(key.wire)))
      problems.push({ kind: "signer", file, what: "differs" });
  }
}
