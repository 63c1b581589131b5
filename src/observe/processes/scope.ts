import { tmpdir } from "node:os";
import type { Scope } from "../../core/observation.js";

/** Directories that any program may use for what it throws away. */
export const temporaryDirectories = (
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] => [
  ...new Set(
    ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders", tmpdir(), env.TMPDIR ?? ""]
      .map((directory) => directory.replace(/\/+$/, ""))
      .filter((directory) => directory.startsWith("/")),
  ),
];

const within = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);

/**
 * Where an absolute path lies. A working directory that itself lies in a temporary directory is still the
 * working directory.
 */
export function scopeOf(path: string, workspace: string, temporary: readonly string[]): Scope {
  if (within(path, workspace)) return "inside";
  return temporary.some((directory) => within(path, directory)) ? "temporary" : "outside";
}
