import { messageOf } from "../../core/errors.js";
import { find, probeStrace } from "../../observe/processes/straceCommand.js";
import { noStrace, table, tracing } from "../../observe/processes/words.js";
import type { Finding } from "../doctor.js";
import { sensitiveList } from "./sensitiveList.js";

type Env = Readonly<Record<string, string | undefined>>;

/** What can be seen beyond the terminal on this machine, and how to see more. */
export async function whatIsSeen(
  env: Env,
  platform: NodeJS.Platform,
  detectors: readonly string[],
): Promise<readonly Finding[]> {
  return [await processes(env, platform), sensitiveFiles(env, platform, detectors)];
}

async function processes(env: Env, platform: NodeJS.Platform): Promise<Finding> {
  const what = "processes";
  if (platform !== "linux") return { what, state: "warning", says: table(500, false) };
  const strace = await probeStrace(env);
  if ("why" in strace) {
    const hint =
      strace.why === "denied"
        ? "In a container: docker run --cap-add=SYS_PTRACE, or a seccomp profile that allows ptrace. On a machine of yours: sysctl kernel.yama.ptrace_scope=1 or 0."
        : "apt install strace (Debian, Ubuntu), dnf install strace (Fedora)";
    return { what, state: "warning", says: `${noStrace(strace)} ${table(25, true)}`, hint };
  }
  return {
    what,
    state: "good",
    says: `strace ${strace.version}: ${tracing(false, strace.seccomp)}`,
    hint: "sudo, debuggers and other tracers can't work while strace looks on: bodycam run --observe process lets them.",
  };
}

function sensitiveFiles(env: Env, platform: NodeJS.Platform, detectors: readonly string[]): Finding {
  const what = "files";
  if (platform !== "linux")
    return { what, state: "warning", says: "the opening of sensitive files is seen on Linux only" };
  try {
    const { length } = sensitiveList(detectors);
    if (find("inotifywait", `${env.PATH ?? ""}:/usr/bin:/bin:/usr/local/bin`) !== undefined)
      return { what, state: "good", says: `${length} kinds of sensitive files are watched with inotify` };
  } catch (error) {
    return { what, state: "bad", says: messageOf(error) };
  }
  return {
    what,
    state: "warning",
    says: "inotifywait is not installed: that a sensitive file is opened is seen only where a command names it",
    hint: "apt install inotify-tools (Debian, Ubuntu), dnf install inotify-tools (Fedora)",
  };
}
