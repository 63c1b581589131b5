import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/**
 * What is traced by default. Measured on `git status` × 200 (2.1 ms each, the worst case): following forks alone costs
 * 12 %, exec another 4 %, all the rest together 2 %: what is rare costs nothing.
 *
 * clone and chdir tell each process's parent and working directory exactly. fadvise64 and copy_file_range are called
 * by cp, cat, sha256sum and their like on what they read, and by hardly anything else: they name the reader of a file.
 */
const CALLS = [
  ...["execve", "execveat", "clone", "clone3", "fork", "vfork", "chdir", "fchdir", "connect"],
  ...["unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "truncate"],
  ...["fadvise64", "copy_file_range", "ptrace"],
];
const OPENS = ["open", "openat", "openat2", "creat"];

export interface StraceAbilities {
  readonly file: string;
  readonly version: string;
  /** Only chosen system calls stop the traced programs. Without it every call does, which is many times slower. */
  readonly seccomp: boolean;
  /** strace can translate process numbers of inner PID namespaces. */
  readonly namespaces: boolean;
  /**
   * When strace dies with seccomp on, the kernel ends what it traced (`--kill-on-exit`, implied since 6.6). With older
   * ones the traced programs stay, but every traced call of theirs fails with ENOSYS.
   */
  readonly takesAlong: boolean;
}

export interface StraceTrouble {
  readonly why: "missing" | "denied" | "too-old";
  /** In words, for a person. */
  readonly detail: string;
}

/** The arguments that make strace observe a program and write to `output`, up to and without the program. */
export function straceArguments(
  strace: StraceAbilities,
  options: { readonly output: string; readonly opens: boolean },
): readonly string[] {
  const calls = [...CALLS, ...(options.opens ? OPENS : [])];
  return [
    // A tracer apart, in a session of its own: the program keeps its parent, its terminal and its job control.
    "-DDD",
    "-f",
    ...(strace.seccomp ? ["--seccomp-bpf"] : []),
    ...(strace.namespaces ? ["--pidns-translation"] : []),
    // -q leaves out who was attached, but says how each process ended (-qq would not).
    "-q",
    // Paths of file descriptors and of the working directory.
    "-y",
    "-ttt",
    ...["-s", "32768"],
    // Signals themselves are not wanted, but leaving one out here also leaves out "killed by" it.
    ...["-e", "signal=!SIGCHLD,SIGURG,SIGWINCH,SIGCONT"],
    // A question mark lets strace pass over a call that this machine's architecture does not have.
    ...["-e", `trace=${calls.map((call) => `?${call}`).join(",")}`],
    ...["-o", options.output],
    "--",
  ];
}

/** The command to run instead, so that strace sees it. */
export function wrapped(
  strace: StraceAbilities,
  output: string,
  opens: boolean,
  command: { readonly file: string; readonly argv: readonly string[] },
  env: Readonly<Record<string, string | undefined>>,
): { readonly file: string; readonly argv: readonly string[] } {
  const [name, ...args] = command.argv;
  // strace passes on as argv[0] what it is given, and looks a bare name up itself.
  const keepsName = name !== undefined && !name.includes("/") && find(name, env.PATH) === command.file;
  const program = keepsName ? name : command.file;
  return {
    file: strace.file,
    argv: ["strace", ...straceArguments(strace, { output, opens }), program, ...args],
  };
}

/** The first runnable file of that name, the way strace looks for one. */
export function find(name: string, path = ""): string | undefined {
  for (const directory of path.split(delimiter)) {
    const file = join(directory === "" ? "." : directory, name);
    try {
      if (!statSync(file).isFile()) continue;
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Whether a version such as "6.1" or "5.19~rc1" is at least `major`.`minor`. */
function atLeast(version: string, major: number, minor: number): boolean {
  const [, found = 0, then = 0] = /^(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return found > major || (found === major && then >= minor);
}

const run = promisify(execFile);
const PROBE_WAIT_MS = 3000;

/**
 * Whether strace is here and may trace: it is tried on a program that does nothing. Never rejects.
 */
export async function probeStrace(
  env: Readonly<Record<string, string | undefined>>,
): Promise<StraceAbilities | StraceTrouble> {
  const file = find("strace", env.PATH) ?? find("strace", "/usr/bin:/usr/local/bin:/bin");
  if (file === undefined) return { why: "missing", detail: "strace is not installed" };
  const usual = { file, version: "?", seccomp: true, namespaces: true, takesAlong: false };
  // What nearly every strace can is tried while it is asked what it can: an agent waits for this.
  const [about, quick] = await Promise.all([said(file), tries(usual)]);
  const [version, help] = about?.split(SEPARATOR) ?? [];
  if (version === undefined || help === undefined) return { why: "denied", detail: "strace does not run" };
  const number = /version (\S+)/.exec(version)?.[1] ?? "?";
  if (!help.includes("-DDD") && !/-D\b.*-DD/s.test(help))
    return {
      why: "too-old",
      detail: `strace ${number} can't stand aside of what it traces; 5.6 or newer can`,
    };
  const can = {
    file,
    version: number,
    seccomp: help.includes("--seccomp-bpf"),
    // 5.9 to 5.x call it by the first name; later ones list the second and know both.
    namespaces: /--pidns-translation|--decode-pids=pidns/.test(help),
    takesAlong: atLeast(number, 6, 6),
  };
  if (quick === "works" && can.seccomp && can.namespaces) return can;
  for (const abilities of [can, { ...can, seccomp: false }]) {
    const outcome = await tries(abilities);
    if (outcome === "works") return abilities;
    if (!abilities.seccomp) return { why: "denied", detail: outcome };
  }
  return { why: "denied", detail: "strace may not trace here" };
}

const SEPARATOR = "\n--bodycam--\n";

/** Its version and its help, asked by a shell: a program as large as we are takes long to start another. */
const said = (file: string): Promise<string | undefined> =>
  run("/bin/sh", ["-c", `"$0" -V && printf '%s' "$1" && "$0" -h`, file, SEPARATOR], {
    timeout: PROBE_WAIT_MS,
  }).then(
    ({ stdout }) => stdout,
    () => undefined,
  );

/** Tries the very arguments. */
async function tries(strace: StraceAbilities): Promise<"works" | string> {
  const options = straceArguments(strace, { output: "", opens: false });
  // To stderr, and without the daemon's ways, so that the end of strace is the end of the try.
  const args = options.filter((option) => !["-DDD", "-o", "", "--"].includes(option));
  try {
    const { stderr } = await run(strace.file, [...args, "--", "/bin/sh", "-c", "exit 0"], {
      timeout: PROBE_WAIT_MS,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    });
    if (/\+\+\+ exited with 0 \+\+\+/.test(stderr) && /execve\("/.test(stderr)) return "works";
    return `strace saw nothing: ${firstLine(stderr)}`;
  } catch (error) {
    const said = typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr) : "";
    return `strace may not trace here: ${firstLine(said)}`;
  }
}

const firstLine = (text: string): string =>
  (text.split("\n", 1)[0] ?? "").replace(/^strace: /, "").slice(0, 200);
