import { standingOf } from "../core/review.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import type { SessionId } from "../core/units.js";
import type { Library } from "../session/library.js";
import type { ReplayEnd } from "../tui/runReplay.js";

/** Whether there is a terminal to show something on, and a person at it. */
export const atTerminal = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

/** Shows sessions of a library until the reviewer leaves the list; `watch` shows one of them. `only`: no others. */
export async function showSessions(
  library: Library,
  watch: (session: SessionSummary) => Promise<ReplayEnd>,
  only?: ReadonlySet<SessionId>,
): Promise<ReplayEnd> {
  const { runList } = await import("../tui/runList.js");
  return runList({
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    load: async () => {
      // A recorder that was killed meanwhile leaves a session that is live no more.
      await library.refresh();
      const sessions = library.catalogue.sessions().filter(({ id }) => only?.has(id) ?? true);
      return sessions.map((session) => ({
        session,
        flags: library.flags(session),
        standing: standingOf(library.reviews(session.id).reviews),
      }));
    },
    open: (id) => watch(library.find(id)),
  });
}

/** The signal that asked us to go is obeyed now that the terminal is as it was. */
export function obey(end: ReplayEnd): void {
  if (end.by === "signal") process.kill(process.pid, end.signal);
}
