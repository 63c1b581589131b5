import type { Command } from "commander";
import { recordingPath } from "../../core/home.js";
import type { SessionSummary } from "../../core/sessionSummary.js";
import { shortId } from "../../core/units.js";
import { openRecording } from "../../recording/reader.js";
import { RecordingSource } from "../../replay/recordingSource.js";
import type { Library } from "../../session/library.js";
import { openLibrary } from "../openLibrary.js";
import { isFile, replayFile } from "../replayFile.js";
import { atTerminal, obey, showSessions } from "../sessionList.js";

export function addReplay(program: Command): void {
  program
    .command("replay")
    .summary("watch a session again, from flag to flag")
    .description(
      "Replays a session. Without an ID, shows the list of sessions to choose from. Where stdout is no terminal, it prints an account instead, without an ID of the latest.",
    )
    .argument(
      "[id]",
      "the session's id, the beginning of it, or a file: recording, asciicast, ttyrec, typescript",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  bodycam replay\n  bodycam replay 1f3a\n  bodycam replay demo.cast\n\nIn the list and in the replay, ? shows all keys.",
    )
    .action(replay);
}

async function replay(id: string | undefined): Promise<void> {
  if (id !== undefined && isFile(id)) return replayFile(id);
  const library = await openLibrary();
  try {
    const session = library.find(id);
    if (!atTerminal()) await printAccount(library, session);
    else {
      const { watchSession } = await import("../watchSession.js");
      const end =
        id === undefined
          ? await showSessions(library, (chosen) => watchSession(library, chosen))
          : await watchSession(library, session);
      obey(end);
    }
  } finally {
    library.close();
  }
}

async function printAccount(library: Library, session: SessionSummary): Promise<void> {
  const { plainAccount } = await import("../../tui/plainAccount.js");
  const source = new RecordingSource(openRecording(recordingPath(library.home, session.id)));
  const described = { id: shortId(session.id), command: session.meta.command };
  process.stdout.write(plainAccount({ source, flags: library.flags(session), session: described }));
}
