import { openRecording } from "../recording/reader.js";
import { prepare } from "./prepare.js";
import { writeScreenCache } from "./screenCache.js";

/**
 * Goes through a complete recording and writes the cache of screens that makes its replay quick.
 * Nothing is written for one without an end.
 * @throws what `openRecording` throws, and the system's error when the cache can't be written
 */
export function makeScreenCache(recordingPath: string, cachePath: string): void {
  const recording = openRecording(recordingPath);
  try {
    const steps = prepare(recording);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    if (step.value !== undefined) writeScreenCache(cachePath, recording, step.value);
  } finally {
    recording.close();
  }
}
