import { recordingPath, screenCachePath } from "../core/home.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { shortId } from "../core/units.js";
import { openReplay } from "../replay/openReplay.js";
import type { Library } from "../session/library.js";
import type { Beginning } from "../tui/controller.js";
import { type ReplayEnd, runReplay } from "../tui/runReplay.js";
import { ruleNotes } from "./ruleNotes.js";
import { verdictHooks } from "./verdictHooks.js";

/** Replays one session at the reviewer's terminal, from where it is told to, until they leave. */
export function watchSession(
  library: Library,
  session: SessionSummary,
  begin?: Beginning,
): Promise<ReplayEnd> {
  const flags = library.flags(session);
  const path = recordingPath(library.home, session.id);
  const cache = session.state === "recording" ? undefined : screenCachePath(library.home, session.id);
  return runReplay({
    session: { id: shortId(session.id), command: session.meta.command },
    path,
    open: () => openReplay(path, cache, flags),
    hooks: verdictHooks(library, session.id),
    ruleNotes: ruleNotes(library.detectors),
    ...(session.claims !== undefined && { claims: session.claims }),
    ...(begin !== undefined && { begin }),
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
  });
}
