import { fileURLToPath } from "node:url";

/** Where the detectors are that come with bodycam. */
export const detectorDirectories = (): readonly string[] => [
  fileURLToPath(new URL("../../detectors", import.meta.url)),
];
