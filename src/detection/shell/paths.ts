/**
 * A path as rules see it: the home directory is `~` however it was named, `.` and `..` are taken out,
 * and a relative path stands in `cwd`, or under `./` where that is not known.
 */
export function normalPath(path: string, cwd: string | undefined): string {
  const home = path.replace(/^(file:\/\/)?(\$HOME|\$\{HOME\}|~)(?=\/|$)/, "~");
  const bare = home.startsWith("file:") ? home.replace(/^file:(\/\/)?/, "").replace(/\?.*$/, "") : home;
  const full = /^[/~$]/.test(bare) ? bare : `${cwd ?? "."}/${bare}`;
  const kept: string[] = [];
  for (const part of full.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== ".." && kept.at(-1) !== "~") kept.pop();
    else if (part !== ".." || !full.startsWith("/")) kept.push(part);
  }
  const joined = kept.join("/");
  if (full.startsWith("/")) return `/${joined}`;
  return /^[~$]/.test(full) ? joined : `./${joined}`;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whether a word reads like the path of a file, rather than an option, a URL or plain text. */
export function looksLikePath(word: string): boolean {
  if (word.length > 4096 || word.startsWith("-")) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return word.startsWith("file:");
  return (
    /^(~|\.{0,2}\/|\$\{?HOME\b|file:)/.test(word) || (word.includes("/") && !/\s{2}|[\n;|<>]/.test(word))
  );
}
