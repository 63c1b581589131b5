import { statSync } from "node:fs";
import { basename } from "node:path";
import { displayText } from "../core/displayText.js";
import { findingText } from "../formats/findings.js";
import { openRecording } from "../recording/reader.js";
import { openReplay } from "../replay/openReplay.js";
import { RecordingSource } from "../replay/recordingSource.js";
import { indexRecording } from "../session/indexRecording.js";
import { detectorDirectories } from "./detectorDirectories.js";
import { isForeign } from "./foreignFile.js";
import { temporaryRecording } from "./temporaryRecording.js";

/** Whether an argument names a file, and not a session. */
export const isFile = (argument: string): boolean =>
  statSync(argument, { throwIfNoEntry: false })?.isFile() === true;

/**
 * Replays a file that is no session of the library: a recording, or one of another recorder. Its flags are found now,
 * and nothing of it is kept. Throws what reading it throws.
 */
export async function replayFile(file: string): Promise<void> {
  const signal = await show(file);
  // The signal that asked us to go is obeyed now that the terminal is as it was.
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** @returns the signal that ended it */
async function show(file: string): Promise<NodeJS.Signals | undefined> {
  const temporary = isForeign(file) ? await temporaryRecording({ path: file }) : undefined;
  try {
    for (const finding of temporary?.findings ?? [])
      process.stderr.write(`bodycam: ${displayText(file)}: ${findingText(finding)}\n`);
    const path = temporary?.path ?? file;
    const { summary, flags } = await indexRecording(path, detectorDirectories(), () => false);
    const session = { id: displayText(basename(file), 40), command: summary.meta.command };
    if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
      const { plainAccount } = await import("../tui/plainAccount.js");
      const recording = openRecording(path);
      process.stdout.write(plainAccount({ source: new RecordingSource(recording), flags, session }));
      recording.close();
      return undefined;
    }
    const { runReplay } = await import("../tui/runReplay.js");
    const { stdin, stdout, env } = process;
    const open = () => openReplay(path, undefined, flags);
    const end = await runReplay({ session, path, open, stdin, stdout, env });
    return end.by === "signal" ? end.signal : undefined;
  } finally {
    temporary?.remove();
  }
}
