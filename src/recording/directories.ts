import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "../core/errors.js";

/**
 * Makes a directory and those above it that are missing, each for its owner only (0700). Those that are there stay
 * as they are. Not `mkdirSync` with `recursive`: Node 20's goes round for ever where the directory above is there and
 * the system still answers ENOENT (below /proc, on a mount whose root was removed), and it tells ENOENT for ENOSPC
 * (nodejs/node#42808).
 * @throws the system's error
 */
export function makeDirectories(path: string): void {
  const missing: string[] = [];
  for (let at = path; !exists(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) makeDirectory(directory);
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT" && dirname(path) !== path) return false;
    throw error;
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another camera may have been faster.
    if (systemCode(error) !== "EEXIST") throw error;
  }
}
