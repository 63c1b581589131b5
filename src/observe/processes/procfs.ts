import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

/** What /proc says about processes. Everything gives undefined when the process is gone or hidden. */
const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
};

const link = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

export interface ProcessStat {
  readonly parent: number;
  readonly session: number;
  /** When it was started, in clock ticks since the machine started: with the number, this names a process for good. */
  readonly started: string;
}

export function statOf(pid: number): ProcessStat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in brackets may hold anything; the fields come behind the last bracket.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), session: Number(fields[3]), started: fields[19] ?? "" };
}

export function programInProc(
  pid: number,
): { readonly image: string; readonly argv: readonly string[] } | undefined {
  const image = link(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "");
  let argv: readonly string[] = [];
  try {
    argv = readFileSync(`/proc/${pid}/cmdline`).toString("utf8").split("\0").slice(0, -1);
  } catch {
    // Gone, or not ours.
  }
  return image === undefined && argv.length === 0 ? undefined : { image: image ?? argv[0] ?? "", argv };
}

export const cwdInProc = (pid: number): string | undefined =>
  link(`/proc/${pid}/cwd`)?.replace(/ \(deleted\)$/, "");

/** The process that traces this one; 0 for none. */
export function tracerOf(pid: number): number | undefined {
  const text = read(`/proc/${pid}/status`);
  const tracer = text === undefined ? undefined : /^TracerPid:\s+(\d+)/m.exec(text)?.[1];
  return tracer === undefined ? undefined : Number(tracer);
}

/** The beginning of a process's environment holds `name=value`. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  const text = read(`/proc/${pid}/environ`);
  return text !== undefined && `\0${text}`.includes(`\0${name}=${value}\0`);
}

export function allProcesses(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
