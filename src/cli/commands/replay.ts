import type { Command } from "commander";
import { recordingPath, screenCachePath } from "../../core/home.js";
import { shortId } from "../../core/units.js";
import { openRecording } from "../../recording/reader.js";
import { openReplay } from "../../replay/openReplay.js";
import { RecordingSource } from "../../replay/recordingSource.js";
import { openLibrary } from "../openLibrary.js";
import { isFile, replayFile } from "../replayFile.js";

export function addReplay(program: Command): void {
  program
    .command("replay")
    .summary("watch a session again, from flag to flag")
    .description(
      "Replays a session. Without an ID, the latest. Where stdout is no terminal, it prints an account instead.",
    )
    .argument(
      "[id]",
      "the session's id, the beginning of it, or a file: recording, asciicast, ttyrec, typescript",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  bodycam replay\n  bodycam replay 1f3a\n  bodycam replay demo.cast\n\nIn the replay, ? shows all keys.",
    )
    .action(replay);
}

async function replay(id: string | undefined): Promise<void> {
  if (id !== undefined && isFile(id)) return replayFile(id);
  const library = await openLibrary();
  const session = library.find(id);
  const flags = library.flags(session);
  const path = recordingPath(library.home, session.id);
  library.close();
  const described = { id: shortId(session.id), command: session.meta.command };
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const { plainAccount } = await import("../../tui/plainAccount.js");
    const source = new RecordingSource(openRecording(path));
    process.stdout.write(plainAccount({ source, flags, session: described }));
    return;
  }
  const { runReplay } = await import("../../tui/runReplay.js");
  const cache = session.state === "recording" ? undefined : screenCachePath(library.home, session.id);
  const end = await runReplay({
    session: described,
    path,
    open: () => openReplay(path, cache, flags),
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
  });
  // The signal that asked us to go is obeyed now that the terminal is as it was.
  if (end.by === "signal") process.kill(process.pid, end.signal);
}
