import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { homeOf } from "../core/home.js";

/** Where the detectors are: those that come with bodycam, and the person's own where there are any. */
export function detectorDirectories(): readonly string[] {
  const { detectors } = homeOf(process.env, process.platform);
  const own = fileURLToPath(new URL("../../detectors", import.meta.url));
  return existsSync(detectors) ? [own, detectors] : [own];
}
