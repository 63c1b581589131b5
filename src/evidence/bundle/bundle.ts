import { DECLARATION } from "../bagit/declaration.js";
import { writeManifest } from "../bagit/manifest.js";
import { allowedSigners } from "../signing/allowedSigners.js";
import type { BundleSigner } from "../signing/bundleSigner.js";
import { keyLine } from "../signing/sshPublicKey.js";
import { writeZip, type ZipEntry } from "../zip/writeZip.js";
import { type BagEntry, Written } from "./bagEntry.js";
import { caseIndex } from "./caseIndex.js";
import { SIGNATURE, TAG_MANIFEST } from "./names.js";
import { sessionEntries } from "./sessionEntries.js";
import type { SessionEvidence } from "./sessionEvidence.js";
import { verifyInstructions } from "./verifyInstructions.js";

export interface BundleOptions {
  readonly signer: BundleSigner;
  /** The version of bodycam. */
  readonly version: string;
  /** Told of each file, and of how many bytes of the case are written. */
  readonly onProgress?: (file: string, bytes: number) => void;
  /** Given the signature when it is made: a time stamp is asked for over it. */
  readonly onSignature?: (signature: Uint8Array) => void;
}

/** How hard the zip compresses: recordings are compressed already and stored, the rest is text. */
const LEVEL = 4;

/**
 * A case as a bag in a zip, piece by piece. The same sessions, signed with the same Ed25519 key, give the same bytes.
 * @throws BodycamError `no-session`, `io`, `signing`
 */
export const bundle = (
  sessions: readonly SessionEvidence[],
  options: BundleOptions,
): AsyncGenerator<Uint8Array, void> => writeZip(bagEntries(sessions, options), LEVEL);

async function* bagEntries(
  sessions: readonly SessionEvidence[],
  options: BundleOptions,
): AsyncGenerator<ZipEntry, void> {
  const { signer, version } = options;
  const base = baseName(sessions);
  const payload = new Written();
  const tags = new Written();
  const entry = ({ path, content, stored }: BagEntry): ZipEntry => {
    options.onProgress?.(path, payload.bytes);
    return { name: `${base}/${path}`, content, ...(stored !== undefined && { stored }) };
  };
  const tag = (path: string, text: string): ZipEntry =>
    entry(tags.note({ path, content: [Buffer.from(text)] }));

  yield tag("bagit.txt", DECLARATION);
  yield tag(
    "VERIFY.txt",
    verifyInstructions(
      signer.key,
      sessions.map(({ summary }) => summary.id),
    ),
  );
  if (sessions.length > 1)
    yield entry(payload.note({ path: "data/index.html", content: [Buffer.from(caseIndex(sessions))] }));
  for (const session of sessions)
    for await (const file of sessionEntries(session, version)) yield entry(payload.note(file));
  yield tag("bag-info.txt", bagInfo(sessions, payload, version));
  yield tag("manifest-sha256.txt", writeManifest(payload.listed));
  yield tag("signer.pub", `${keyLine(signer.key)} bodycam\n`);
  yield tag("allowed_signers", allowedSigners(signer.key));
  const manifest = Buffer.from(writeManifest(tags.listed));
  yield entry({ path: TAG_MANIFEST, content: [manifest] });
  const signature = Buffer.from(await signer.sign(manifest));
  options.onSignature?.(signature);
  yield entry({ path: SIGNATURE, content: [signature] });
}

/** The bag's directory in the zip: the same for the same case, whatever the zip is called. */
function baseName(sessions: readonly SessionEvidence[]): string {
  const first = sessions[0]?.summary.id.slice(0, 8) ?? "empty";
  return sessions.length > 1 ? `bodycam-${first}-and-${sessions.length - 1}-more` : `bodycam-${first}`;
}

/** bag-info.txt (RFC 8493, 2.2.2). It has no date of its own, so that the same case gives the same bytes. */
function bagInfo(sessions: readonly SessionEvidence[], payload: Written, version: string): string {
  const fields: readonly (readonly [string, string])[] = [
    ["Source-Organization", "recorded with bodycam"],
    ["External-Description", `Terminal sessions of AI agents, recorded and sealed: ${sessions.length}`],
    ...sessions.map(({ summary }) => ["External-Identifier", summary.id] as const),
    ["Bag-Software-Agent", `bodycam ${version}`],
    ["Payload-Oxum", `${payload.bytes}.${payload.listed.length}`],
  ];
  return fields.map(([name, value]) => `${name}: ${value}\n`).join("");
}
