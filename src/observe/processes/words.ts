import type { StraceTrouble } from "./straceCommand.js";

/** What each state of the process sources means for what is seen, in words for a person. */
export const switchedOff = "Observation is switched off: what processes do beyond the terminal is not seen.";

const INSTALL =
  "Install strace (Debian, Ubuntu: `apt install strace`; Fedora: `dnf install strace`) to see it all.";

export function noStrace(trouble: StraceTrouble): string {
  switch (trouble.why) {
    case "missing":
      return `strace is not installed, so the process table is followed instead. ${INSTALL}`;
    case "too-old":
      return `${trouble.detail}; the process table is followed instead.`;
    case "denied":
      return `${trouble.detail}; the process table is followed instead. Containers and hardened systems forbid tracing (seccomp profile, kernel.yama.ptrace_scope, a tracer that is there already).`;
    default:
      return trouble.why satisfies never;
  }
}

export const noPipe = (message: string): string =>
  `No named pipe could be made for strace (${message}), so the process table is followed instead.`;

export const tracing = (opens: boolean, seccomp: boolean): string =>
  [
    "strace sees every program run, with arguments, directory, parent and end; connections; deletes and renames",
    opens ? "; and every file opened" : "; which files are opened is seen for sensitive ones only",
    ". Not seen: what is done through io_uring, over connections that are there already, or by a service outside the session that is asked to do it",
    seccomp
      ? "."
      : ". This strace or kernel can't filter with seccomp: the session is slower than it need be.",
  ].join("");

export const table = (everyMs: number, linux: boolean): string =>
  linux
    ? `The process table is looked at every ${everyMs} ms when something was started. Missed: programs that live shorter, exit codes, connections, deletes and renames.`
    : `The process table is looked at every ${everyMs} ms. Missed: programs that live shorter, daemons, working directories, exact arguments (they come joined by spaces), exit codes, connections, deletes and renames.`;

export const debuggerRefused = (command: string): string =>
  `A debugger or tracer (${command}) was refused, because this session is traced itself. Start the session with --observe process to use one.`;

export const noMoreRights = (image: string): string =>
  `${image} can't get more rights in a traced session (sudo, su and their like fail). Start the session with --observe process to use it.`;

export const straceKilled = (left: number, takesAlong: boolean, seccomp: boolean): string =>
  [
    "strace ended before the session: it was killed, or memory ran out. ",
    takesAlong
      ? `The kernel ends with it what was traced (${processes(left)}). `
      : seccomp
        ? `What was traced (${processes(left)}) can't run programs, connect, delete or rename any more. `
        : `What was traced (${processes(left)}) goes on. `,
    "Nothing is seen from here on.",
  ].join("");

const processes = (count: number): string => `${count} ${count === 1 ? "process" : "processes"}`;

export const allEnded = "All processes of the session have ended.";

export const nothingCame =
  "strace gave not a single line: it did not start, so nothing was seen of processes.";

export const stopped = (left: number): string =>
  left === 0
    ? "The session has ended."
    : `The session has ended; ${left} of its processes ${left === 1 ? "goes" : "go"} on and ${left === 1 ? "is" : "are"} no longer seen.`;
