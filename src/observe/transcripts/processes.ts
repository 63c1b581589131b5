import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";

/** No process is this many generations away from another that matters. */
const GENERATIONS = 64;

/** Whether `pid` is `ancestor` or comes from it, by what /proc says now. False where there is no /proc. */
export async function descends(pid: number, isAncestor: (pid: number) => boolean): Promise<boolean> {
  let at = pid;
  for (let i = 0; i < GENERATIONS && at > 1; i++) {
    if (isAncestor(at)) return true;
    const stat = await readFile(`/proc/${at}/stat`, "utf8").catch(() => "");
    // The name before it may hold anything, brackets too.
    at = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return false;
}

/** The files that a process has open, on systems with a /proc. Empty when that can't be seen. */
export async function openFiles(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => "")));
  return links.filter((link) => link.startsWith("/"));
}

/** The processes that have the file open, as far as this user may see. */
export async function holdersOf(path: string): Promise<readonly number[]> {
  const real = await realpath(path).catch(() => path);
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const holders: number[] = [];
  for (const pid of pids) if ((await openFiles(pid)).includes(real)) holders.push(pid);
  return holders;
}
