import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SessionMeta } from "../core/event.js";
import { atLeast } from "../core/flag.js";
import type { Home } from "../core/home.js";
import { recordingPath } from "../core/home.js";
import { agentName } from "../core/sessionSummary.js";
import { type SessionId, shortId } from "../core/units.js";
import type { Recorded } from "../session/camera.js";
import { exitText, flagSentence } from "./prose.js";
import type { Painter } from "./terminalText.js";
import { bytesText, momentText } from "./units.js";

/** A recording up to this size is packed at once; a bigger one after bodycam has returned, by a process of its own. */
const PACK_NOW_BYTES = 2_000_000;
/** How long the person waits at most for the watcher: to get going, and to look at the last of a session. */
const WATCHER_START_MS = 3_000;
const WATCHER_REST_MS = 500;
const FLAGS_SHOWN = 10;

export interface Finish {
  readonly home: Home;
  readonly session: SessionId;
  readonly recorded: Recorded;
  readonly meta: SessionMeta;
  readonly say: (line: string) => void;
  readonly paint: Painter;
}

/** What follows the agent's exit: the watcher catches up, the recording is packed, and the person is told. */
export async function finishRecording(finish: Finish): Promise<void> {
  const { home, session, recorded, say } = finish;
  const { watcher } = recorded;
  const seen = await watcher.caughtUp(WATCHER_START_MS, WATCHER_REST_MS);
  const path = recordingPath(home, session);
  let later = !seen && watcher.trouble === undefined;
  if (recorded.whole && recorded.bytes > PACK_NOW_BYTES) later = true;
  else if (recorded.whole && !later) await packNow(recorded.source, path);
  summarize(finish);
  if (watcher.trouble !== undefined) {
    say(
      `bodycam: The live check stopped early (${watcher.trouble}). Check the recording with: bodycam rebuild`,
    );
  }
  if (later) {
    if (!seen)
      say(
        `bodycam: ${bytesText(watcher.lag)} are still being checked; \`bodycam flags ${shortId(session)}\` will tell.`,
      );
    finishLater(session, recorded.source);
  }
}

/** Packing may fail for want of room; the recording is whole without it. Loaded only now: the start is to be quick. */
async function packNow(source: number, path: string): Promise<void> {
  const { packRecording } = await import("../recording/pack.js");
  await packRecording(source, path).catch(() => {});
}

/**
 * Leaves the rest to a process that outlives this one and steps back behind everything else on the machine. It inherits
 * the recording's descriptor that no path leads to.
 */
function finishLater(session: SessionId, source: number): void {
  const program = fileURLToPath(new URL("../../bin/bodycam.js", import.meta.url));
  const child = spawn(process.execPath, [program, "finish", session], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", source],
    cwd: "/",
  });
  child.on("error", () => {});
  child.unref();
}

function summarize({ session, recorded, meta, say, paint }: Finish): void {
  const { exit, bytes } = recorded;
  say(
    `${paint.paint("●", "dim")} bodycam: ${agentName(meta)} ${exitText(exit)}; ${bytesText(bytes)} recorded as session ${paint.paint(shortId(session), "bold")}`,
  );
  // Steps of a chain that mean nothing by themselves are not news.
  const told = recorded.flags().filter((flag) => atLeast(flag.rule.level, "low"));
  if (told.length === 0) return;
  for (const flag of told.slice(0, FLAGS_SHOWN)) {
    say(`  ${momentText(flag.at)}  ${paint.level(flag.rule.level)}  ${flagSentence(flag)}`);
  }
  if (told.length > FLAGS_SHOWN)
    say(`  … and ${told.length - FLAGS_SHOWN} more: bodycam flags ${shortId(session)}`);
  say(`  See it happen: bodycam replay ${shortId(session)}`);
}
