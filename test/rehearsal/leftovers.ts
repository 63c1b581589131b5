import { readdirSync, readFileSync } from "node:fs";
import { until } from "./patience.js";
import { MARK } from "./place.js";

const LIMIT_MS = 10_000;

/** The processes whose mark begins with this value, daemons in sessions of their own included. */
function marked(mark: string): readonly number[] {
  const wanted = `\0${MARK}=${mark}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environ(pid).includes(wanted))
    .map(Number);
}

/** Ends every process that carries the mark: agents leave servers behind, which outlive their terminal. */
export async function endLeftovers(mark: string): Promise<void> {
  await until(
    "what the rehearsal started to be gone",
    LIMIT_MS,
    () => {
      const left = marked(mark);
      for (const pid of left) end(pid);
      return left.length === 0 ? true : undefined;
    },
    () => `still there: ${marked(mark).join(", ")}`,
  );
}

/** The same at once, where nothing can be waited for: when the rehearsal itself is being ended. */
export function endAtOnce(mark: string): void {
  for (const pid of marked(mark)) end(pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone by itself.
  }
}

function environ(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`;
  } catch {
    // Gone, a kernel thread, or another user's.
    return "";
  }
}
