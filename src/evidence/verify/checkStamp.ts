import { SIGNATURE, STAMP_RESPONSE } from "../bundle/names.js";
import { untrustedBecause } from "../timestamp/opensslTs.js";
import { readStamp } from "../timestamp/stamp.js";
import { type BagReading, smallFile } from "./bagReading.js";
import type { TimestampReport } from "./bundleReport.js";

/** Checks a bundle's time stamp: that it stamps this signature, and, when authorities are named, that it is theirs. */
export async function checkStamp(
  bag: BagReading,
  authorities: string | undefined,
): Promise<TimestampReport | undefined> {
  const response = await smallFile(bag, STAMP_RESPONSE);
  const signature = await smallFile(bag, SIGNATURE);
  if (response === undefined || signature === undefined) return undefined;
  const stamp = readStamp(response, signature);
  if (typeof stamp === "string") {
    bag.problems.push({ kind: "timestamp", file: STAMP_RESPONSE, what: stamp });
    return undefined;
  }
  if (authorities === undefined) return { ...stamp, trusted: undefined };
  const why = await untrustedBecause(response, signature, authorities);
  if (why !== undefined)
    bag.problems.push({ kind: "timestamp", file: STAMP_RESPONSE, what: "untrusted", why });
  return { ...stamp, trusted: why === undefined };
}
