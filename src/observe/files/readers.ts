import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { basename, resolve } from "node:path";
import type { KnownProcess } from "../processes/processTree.js";

/** What is asked about the session's processes (`ProcessObserver` answers). */
export interface SessionProcesses {
  living(): readonly KnownProcess[];
  recentlyEnded(): readonly KnownProcess[];
  belongs(pid: number): boolean;
}

/** Which file it is, whatever its name: hard links and symbolic links lead to the same. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

export function identityOf(path: string): (FileIdentity & { readonly links: number }) | undefined {
  try {
    const { dev, ino, nlink } = statSync(path);
    return { dev, ino, links: nlink };
  } catch {
    return undefined;
  }
}

const same = (a: FileIdentity | undefined, b: FileIdentity): boolean =>
  a !== undefined && a.dev === b.dev && a.ino === b.ino;

/** Which process of the session has the file open at this moment. The latest started, when several have. */
export function holderOf(file: FileIdentity, processes: SessionProcesses): number | undefined {
  const known = processes.living().map(({ pid }) => pid);
  // The newest come first: an agent that runs for hours is not who opened something just now.
  for (const pid of known.reverse()) {
    for (const child of childrenOf(pid))
      if (!known.includes(child) && processes.belongs(child) && holds(child, file)) return child;
    if (holds(pid, file)) return pid;
  }
  return undefined;
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Whether a process has the file open. */
export function holds(pid: number, file: FileIdentity): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => same(identityOf(`/proc/${pid}/fd/${fd}`), file));
  } catch {
    return false;
  }
}

/** Programs that name files without opening them, or only to pass them on. */
const ONLY_NAMES = new Set(
  "ls dir vdir stat find du test [ echo printf chmod chown chgrp touch basename dirname realpath readlink mkdir inotifywait env sudo timeout nohup xargs setsid nice".split(
    " ",
  ),
);
/** Programs that name files to take them away or to link them, and do not open them. */
const LINKING = new Set(["rm", "rmdir", "unlink", "ln", "link"]);
/** A process that ran its program longer ago than this is not taken for the opener by name alone. */
const RECENT_MICROS = 2_000_000;
/** How late an event may come after what it tells of. */
const LATE_MICROS = 50_000;
const MAX_PROGRAM = 16 * 1024 * 1024;

/**
 * Who opened the file, when nobody holds it any more: the process that ran just then and names this very file, in its
 * arguments, or in the script or program (outside the system's own) that it runs. Undefined when nobody does:
 * the file may have been opened by somebody else.
 *
 * `at`: microseconds since 1970 when the event came. `opened`: it was opened, not only moved, linked or deleted.
 * `home`: to recognise paths that a program joins to it.
 */
export function namerOf(
  act: { readonly path: string; readonly file: FileIdentity; readonly at: number; readonly opened: boolean },
  home: string,
  processes: SessionProcesses,
): number | undefined {
  const { path, file, at, opened } = act;
  const candidates = [...processes.living(), ...processes.recentlyEnded()]
    .filter(
      ({ execAt, endedAt }) =>
        execAt !== undefined &&
        execAt <= at + 1000 &&
        execAt >= at - RECENT_MICROS &&
        (endedAt === undefined || endedAt >= at - LATE_MICROS),
    )
    .filter(({ argv, image }) => {
      const name = basename(argv[0] ?? image);
      return !ONLY_NAMES.has(name) && !(opened && LINKING.has(name));
    })
    .sort((a, b) => (b.execAt as number) - (a.execAt as number));
  const texts = path.startsWith(`${home}/`) ? [path, path.slice(home.length + 1)] : [path];
  const byArgument = candidates.find(({ argv, cwd }) =>
    argv.slice(1).some((argument) => argumentNames(argument, cwd, file, path, texts)),
  );
  return (byArgument ?? candidates.find((process) => programNames(process, texts)))?.pid;
}

function argumentNames(
  argument: string,
  cwd: string,
  file: FileIdentity,
  path: string,
  texts: readonly string[],
): boolean {
  if (texts.some((text) => text.includes("/") && argument.includes(text))) return true;
  const value = argument.slice(argument.indexOf("=") + 1);
  return [argument, value].some(
    (name) =>
      name !== "" &&
      name.length < 4096 &&
      (resolve(cwd, name) === path || same(identityOf(resolve(cwd, name)), file)),
  );
}

/** Whether the program file, or the script that is its argument, holds the path. */
function programNames(process: KnownProcess, texts: readonly string[]): boolean {
  const files = [process.image, ...process.argv.slice(1, 4).filter((argument) => !argument.startsWith("-"))]
    .map((name) => resolve(process.cwd, name))
    .filter((name) => !/^\/(usr|bin|sbin|lib|lib64|opt|nix|snap)\//.test(name));
  return files.some((name) => {
    const content = contentOf(name);
    return content !== undefined && texts.some((text) => text.includes("/") && content.includes(text));
  });
}

function contentOf(path: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    // The agent names the file: it may be a pipe that nobody writes to.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MAX_PROGRAM) return undefined;
    const content = Buffer.alloc(stat.size);
    return content.subarray(0, readSync(fd, content, 0, stat.size, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
