import type { Problem } from "../recording/problems.js";
import type { EntryFault } from "./zip/entryFault.js";

/** Something about a bundle that is not as it should be. `file` is a path in the bundle, from its base directory. */
export type BundleProblem =
  | { readonly kind: "container"; readonly file: string | undefined; readonly fault: EntryFault }
  /** Not where the bag is. */
  | { readonly kind: "outside-bag"; readonly file: string }
  | {
      readonly kind: "declaration";
      readonly file: "bagit.txt";
      readonly what: "missing" | "malformed" | "version" | "encoding";
    }
  | { readonly kind: "no-manifest"; readonly file: string }
  | { readonly kind: "manifest-line"; readonly file: string; readonly line: number }
  | { readonly kind: "manifest-algorithm"; readonly file: string }
  | { readonly kind: "unsafe-path"; readonly file: string; readonly path: string }
  | { readonly kind: "listed-twice"; readonly file: string; readonly manifest: string }
  | { readonly kind: "missing"; readonly file: string; readonly manifest: string }
  | { readonly kind: "not-fetched"; readonly file: string }
  | { readonly kind: "not-listed"; readonly file: string; readonly manifest: string }
  | { readonly kind: "changed"; readonly file: string; readonly manifest: string }
  | { readonly kind: "unreadable"; readonly file: string; readonly why: string }
  | { readonly kind: "oxum"; readonly file: "bag-info.txt" }
  /** A file that every bundle has. */
  | { readonly kind: "part-missing"; readonly file: string }
  /** A file that neither the manifests nor the signature cover. */
  | { readonly kind: "not-covered"; readonly file: string }
  | {
      readonly kind: "signature";
      readonly file: string;
      readonly what: "malformed" | "wrong" | "namespace" | "key" | "unsupported";
    }
  | { readonly kind: "signer"; readonly file: "allowed_signers" | "signer.pub"; readonly what: SignerFault }
  /** The person who verifies expects another signer. */
  | { readonly kind: "other-signer"; readonly file: string; readonly fingerprint: string }
  | {
      readonly kind: "timestamp";
      readonly file: string;
      readonly what: "malformed" | "refused" | "other-data" | "untrusted";
      readonly why?: string;
    }
  | { readonly kind: "recording"; readonly file: string; readonly problem: Problem }
  | { readonly kind: "not-a-recording"; readonly file: string; readonly why: string }
  | { readonly kind: "other-session"; readonly file: string; readonly session: string };

type SignerFault = "malformed" | "differs";

const INCOMPLETE: ReadonlySet<Problem["kind"]> = new Set(["torn", "zeros", "no-end", "no-seal"]);

/** What a problem says of the bundle: it was changed, or something of it is only not there yet. */
export function bundleGravity(problem: BundleProblem): "altered" | "incomplete" {
  if (problem.kind === "not-fetched") return "incomplete";
  return problem.kind === "recording" && INCOMPLETE.has(problem.problem.kind) ? "incomplete" : "altered";
}
