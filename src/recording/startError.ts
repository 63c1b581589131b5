import { BodycamError, messageOf, systemCode } from "../core/errors.js";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "Free some space on that disk, or set BODYCAM_HOME to a directory on another one.",
  EDQUOT: "Your disk quota is used up: free some space, or set BODYCAM_HOME to a directory elsewhere.",
  EROFS: "That disk is read-only: set BODYCAM_HOME to a directory that you can write to.",
};

/** Why a recording at `path` can't be started, and what to do about it. */
export function startError(path: string, error: unknown): BodycamError {
  const code = systemCode(error) ?? "";
  if (code === "EEXIST")
    return new BodycamError("io", `There is a recording already at ${path}.`, {
      hint: "A recording is never overwritten: choose another path.",
      cause: error,
    });
  const hint = HINTS[code] ?? "Make the directory writable for you, or set BODYCAM_HOME to one that is.";
  return new BodycamError(
    "home-not-writable",
    `The recording ${path} can't be created: ${messageOf(error)}.`,
    {
      hint,
      cause: error,
    },
  );
}
