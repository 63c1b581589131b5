import type { VerifyReport } from "../../recording/verify.js";
import type { BundleProblem } from "../bundleProblem.js";

/** What was found about a bundle. */
export interface BundleReport {
  /** `intact`: nothing is missing, and everything agrees. `incomplete`: what is there agrees. `altered`: it does not. */
  readonly outcome: "intact" | "incomplete" | "altered";
  /** `bag`: some other bag, which bodycam did not make. */
  readonly kind: "bundle" | "bag";
  readonly container: "zip" | "directory";
  readonly problems: readonly BundleProblem[];
  readonly files: number;
  readonly signature: SignatureReport | undefined;
  readonly timestamp: TimestampReport | undefined;
  readonly recordings: readonly RecordingReport[];
}

export interface SignatureReport {
  /** As ssh-keygen prints it. */
  readonly fingerprint: string;
  readonly keyType: string;
  /** Whether it is the key's signature over this bundle. */
  readonly right: boolean;
  /** Whether it is the signer that was asked for; undefined when none was. */
  readonly expected: boolean | undefined;
}

export interface TimestampReport {
  /** Wall clock, microseconds since 1970. */
  readonly at: number;
  readonly authority: string;
  /** Whether the authority is one that the person who verifies trusts; undefined when they named none. */
  readonly trusted: boolean | undefined;
}

export interface RecordingReport {
  readonly file: string;
  readonly report: VerifyReport;
  /** From what it was imported; undefined when bodycam recorded it. */
  readonly imported: string | undefined;
  /** Whether the key that sealed it also signed the bundle. */
  readonly sameKey: boolean;
  /** Wall clock, microseconds since 1970: up to when it reaches. */
  readonly until: number;
}
