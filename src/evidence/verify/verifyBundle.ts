import { statSync } from "node:fs";
import { isSessionId } from "../../core/units.js";
import { type BagCheck, checkBag } from "../bagit/checkBag.js";
import { SIGNATURE, STAMP_REQUEST, STAMP_RESPONSE, TAG_MANIFEST } from "../bundle/names.js";
import { type BundleProblem, bundleGravity } from "../bundleProblem.js";
import type { Container } from "../container.js";
import { openDirectory } from "../directoryContainer.js";
import { openZip } from "../zip/zipContainer.js";
import type { BundleReport } from "./bundleReport.js";
import { checkRecordings } from "./checkRecordings.js";
import { checkSigned } from "./checkSigned.js";
import { checkStamp } from "./checkStamp.js";

export interface VerifyOptions {
  /** The signer that is expected: a fingerprint as ssh-keygen prints it. */
  readonly signer?: string;
  /** Certificates (PEM) of time-stamp authorities that are trusted. */
  readonly authorities?: string;
  /** Told how much was read. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Checks everything about a bundle, in a zip or unpacked, and reports every problem. Nothing is unpacked or changed,
 * and nothing in it makes this throw.
 * @throws BodycamError `no-session`, `io` when the file or directory can't be opened
 */
export async function verifyBundle(path: string, options: VerifyOptions = {}): Promise<BundleReport> {
  const container = statSync(path).isDirectory() ? openDirectory(path) : await openZip(path);
  try {
    return await verifyContainer(container, options);
  } finally {
    container.close();
  }
}

async function verifyContainer(container: Container, options: VerifyOptions): Promise<BundleReport> {
  const bag = await checkBag(container, options.onBytes ?? (() => {}));
  const files = [...container.files.keys()]
    .filter((file) => file.startsWith(bag.base))
    .map((file) => file.slice(bag.base.length));
  const problems: BundleProblem[] = [
    ...container.faults.map((fault) => ({
      kind: "container" as const,
      file: inBag(fault.file, bag.base),
      fault,
    })),
    ...bag.problems,
  ];
  const ours = isOurs(files, bag);
  if (ours) problems.push(...uncovered(files, bag, problems));
  const read = { container, base: bag.base, problems };
  const signature =
    ours || files.includes(SIGNATURE) ? await checkSigned(read, files, options.signer) : undefined;
  const timestamp = files.includes(STAMP_RESPONSE) ? await checkStamp(read, options.authorities) : undefined;
  const recordings = await checkRecordings(read, files, signature?.key);
  return {
    outcome: outcomeOf(problems),
    kind: ours ? "bundle" : "bag",
    container: container.kind,
    problems,
    files: files.length,
    signature: signature?.report,
    timestamp,
    recordings,
  };
}

const inBag = (file: string | undefined, base: string): string | undefined =>
  file?.startsWith(base) ? file.slice(base.length) : file;

function outcomeOf(problems: readonly BundleProblem[]): BundleReport["outcome"] {
  if (problems.length === 0) return "intact";
  return problems.some((problem) => bundleGravity(problem) === "altered") ? "altered" : "incomplete";
}

/** Whether a bag is a bundle of bodycam's, whose every file has to be covered by a signature. */
function isOurs(files: readonly string[], { tagged }: BagCheck): boolean {
  const [folder, recording] = ["data/", "/recording.bodycam"];
  return (
    files.some(
      (file) =>
        file === SIGNATURE ||
        (file.endsWith(recording) && isSessionId(file.slice(folder.length, -recording.length))),
    ) || tagged.has("allowed_signers")
  );
}

/** Parts of a bundle that are missing, and files that neither the manifests nor the signature cover. */
function uncovered(
  files: readonly string[],
  { tagged }: BagCheck,
  problems: readonly BundleProblem[],
): readonly BundleProblem[] {
  const told = new Set(
    problems.filter(({ kind }) => kind === "missing" || kind === "container").map(({ file }) => file),
  );
  const missing = ["manifest-sha256.txt", "allowed_signers", "signer.pub", TAG_MANIFEST, SIGNATURE].filter(
    (file) => !files.includes(file) && !told.has(file),
  );
  const free = new Set([TAG_MANIFEST, SIGNATURE, STAMP_REQUEST, STAMP_RESPONSE]);
  const added = files.filter((file) => !file.startsWith("data/") && !tagged.has(file) && !free.has(file));
  return [
    ...missing.map((file) => ({ kind: "part-missing" as const, file })),
    ...(files.includes(TAG_MANIFEST) ? added.map((file) => ({ kind: "not-covered" as const, file })) : []),
  ];
}
