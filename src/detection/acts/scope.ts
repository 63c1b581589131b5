import type { Scope } from "../../core/observation.js";

const TEMPORARY = [
  "/tmp",
  "/var/tmp",
  "/dev/shm",
  "/private/tmp",
  "/private/var/folders",
  "/var/folders",
  "$TMPDIR",
];
const HOME = /^\/(?:home|Users)\/[^/]+(?=\/|$)|^\/root(?=\/|$)/;

const within = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);

/**
 * Where a path in its normal form lies, as far as its text tells: undefined for one that begins with an unknown variable,
 * or that is relative to an unknown place. `~` counts as the home that the session's directory lies in. Where no directory
 * of a session is known, a path from the root or a home is outside of it.
 */
export function scopeOf(path: string, workspace: string | undefined): Scope | undefined {
  if (TEMPORARY.some((directory) => within(path, directory)))
    return workspace !== undefined && within(path, workspace) ? "inside" : "temporary";
  if (path === "./.." || path.startsWith("./../")) return "outside";
  if (!/^[/~]/.test(path)) return undefined;
  if (workspace === undefined) return "outside";
  const home = HOME.exec(workspace)?.[0];
  const full = home === undefined ? path : path.replace(/^~(?=\/|$)/, home);
  return within(full, workspace) ? "inside" : "outside";
}
