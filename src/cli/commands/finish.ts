import { constants, setPriority } from "node:os";
import type { Command } from "commander";
import { recordingPath, screenCachePath } from "../../core/home.js";
import { packRecording } from "../../recording/pack.js";
import { makeScreenCache } from "../../replay/makeScreenCache.js";
import { openLibrary } from "../openLibrary.js";

/** The descriptor that `run` hands over: the recording, by a way that no path leads to. */
const SOURCE = 3;

/** Bytes of output through which a replay takes a while to get to its end. */
const LONG_TO_REPLAY = 4_000_000;

/** What `run` leaves to a process of its own when it would keep the person waiting. */
export function addFinish(program: Command): void {
  program
    .command("finish", { hidden: true })
    .description("Packs a recording and brings the catalogue up to date. Run by bodycam itself.")
    .argument("<id>", "the session's id")
    .action(finish);
}

async function finish(id: string): Promise<void> {
  setPriority(constants.priority.PRIORITY_LOW);
  const library = await openLibrary();
  const session = library.find(id);
  if (session.state !== "complete") await library.reindex(session.id);
  const path = recordingPath(library.home, session.id);
  await packRecording(SOURCE, path);
  // Behind the packing: the cache belongs to the recording as it is now.
  if (session.outputBytes > LONG_TO_REPLAY) makeScreenCache(path, screenCachePath(library.home, session.id));
  await library.readText(session.id);
  library.close();
}
