import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isSessionId, type SessionId } from "../core/units.js";

/** The variable by which everything under a camera knows the camera: `<session id>:<process id>`. */
export const CAMERA_VARIABLE = "BODYCAM_SESSION";

export const cameraMark = (session: SessionId, pid: number): string => `${session}:${pid}`;

/**
 * The session that this process already runs in, if any. The variable alone is not believed: it may have been handed
 * on by a program that outlived its session (a tmux server, say). The camera it names must be one of our ancestors.
 */
export function surroundingSession(env: Readonly<Record<string, string | undefined>>): SessionId | undefined {
  const [session = "", pid = ""] = (env[CAMERA_VARIABLE] ?? "").split(":");
  if (!isSessionId(session) || !/^\d+$/.test(pid)) return undefined;
  return ancestors(process.pid).includes(Number(pid)) ? session : undefined;
}

function ancestors(of: number): readonly number[] {
  const found: number[] = [];
  for (let pid = parentOf(of); pid !== undefined && pid > 1 && !found.includes(pid); pid = parentOf(pid)) {
    found.push(pid);
  }
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    if (process.platform === "linux") {
      // The name in parentheses may itself hold spaces and parentheses: proc(5), /proc/pid/stat.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    }
    return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).trim());
  } catch {
    return undefined;
  }
}
