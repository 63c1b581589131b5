import { problemText } from "../recording/problems.js";
import type { BundleProblem } from "./bundleProblem.js";
import { faultText } from "./zip/entryFault.js";

/** A problem of a bundle in one plain sentence. Names in it come from the bundle: escape before showing. */
export function bundleProblemText(problem: BundleProblem): string {
  const { file } = problem;
  switch (problem.kind) {
    case "container":
      return faultText(problem.fault);
    case "outside-bag":
      return `${file} lies beside the bag, where nothing covers it.`;
    case "declaration":
      return DECLARATION[problem.what];
    case "no-manifest":
      return `The bag has no ${file}: nothing says which files belong to it.`;
    case "manifest-line":
      return `Line ${problem.line} of ${file} is not a checksum and a path.`;
    case "manifest-algorithm":
      return `${file} uses a checksum that is not known here.`;
    case "unsafe-path":
      return `${file} names ${problem.path}, which is not in the bag: a path that leads out is refused.`;
    case "listed-twice":
      return `${file} is listed twice in ${problem.manifest}.`;
    case "missing":
      return `${file} is missing: ${problem.manifest} lists it.`;
    case "not-fetched":
      return `${file} is not in the bag yet: fetch.txt says where it is to be fetched.`;
    case "not-listed":
      return `${file} was added: ${problem.manifest} does not list it.`;
    case "changed":
      return `${file} was changed: its content is not what ${problem.manifest} says.`;
    case "unreadable":
      return `${file} can't be read: ${problem.why}.`;
    case "oxum":
      return "bag-info.txt (Payload-Oxum) gives another number of files or bytes than there are.";
    case "part-missing":
      return `${file} is missing; every bundle has one.`;
    case "not-covered":
      return `${file} was added: the signature does not cover it.`;
    case "signature":
      return `${file} ${SIGNATURE[problem.what]}`;
    case "signer":
      return problem.what === "malformed"
        ? `${file} does not hold a public key as it should.`
        : `${file} names another key than the one that signed.`;
    case "other-signer":
      return `${file} was made with the key ${problem.fingerprint}, and not with the one that you expect.`;
    case "timestamp":
      return `${file} ${TIMESTAMP[problem.what]}${problem.why === undefined ? "" : ` (${problem.why})`}.`;
    case "recording":
      return `${file}: ${problemText(problem.problem)}`;
    case "not-a-recording":
      return `${file}: ${problem.why}`;
    case "other-session":
      return `${file} belongs to session ${problem.session}, and not to the folder it lies in.`;
  }
}

const DECLARATION = {
  missing: "bagit.txt is missing: this is not a bag.",
  malformed: "bagit.txt is not as a bag's declaration has to be.",
  version: "bagit.txt names a version of BagIt that is not known here (0.93 to 1.0 are).",
  encoding: "bagit.txt names a character encoding that is not known here.",
} as const;

const SIGNATURE = {
  malformed: "is not an SSH signature any more: it was changed.",
  wrong:
    "is not the signer's signature of tagmanifest-sha256.txt: tagmanifest-sha256.txt, the signature or the key was changed.",
  namespace: 'was made for another purpose than signing a file (its namespace is not "file").',
  key: "was made with a key that allowed_signers does not name.",
  unsupported: "was made with a kind of key that is not known here: check it with ssh-keygen -Y verify.",
} as const;

const TIMESTAMP = {
  malformed: "is no time stamp",
  refused: "says that no time stamp was granted",
  "other-data": "stamps something else than this bundle's signature",
  untrusted: "is not from the time-stamp authority that you trust",
} as const;
