import type { Catalogue } from "../catalogue/catalogue.js";
import type { SessionLine } from "../core/sessionLine.js";
import type { SessionId } from "../core/units.js";
import { openRecording } from "../recording/reader.js";
import { SessionText } from "./sessionText.js";

/** So much text of one session is kept, in characters; what is beyond is said not to be there. */
const MOST_TEXT = 16 * 1024 * 1024;
/** So many lines go into the catalogue at once; then other work, and other writers such as a live watcher, get their turn. */
const BATCH = 500;

/**
 * Puts what a session said into the catalogue, in place of what was there. `running`: its recorder is still at work, so
 * that there will be more. Throws what reading the recording throws.
 */
export async function readText(
  path: string,
  session: SessionId,
  running: boolean,
  catalogue: Catalogue,
): Promise<void> {
  const recording = openRecording(path);
  try {
    const { lines } = catalogue;
    const reading = lines.begin(session);
    const text = new SessionText();
    let batch: SessionLine[] = [];
    let kept = 0;
    let events = 0;
    let ended = false;
    const keep = (more: readonly SessionLine[]) => {
      for (const line of more) {
        kept += line.text.length;
        if (kept <= MOST_TEXT) batch.push(line);
      }
    };
    const put = async () => {
      lines.add(reading, batch);
      batch = [];
      await new Promise(setImmediate);
    };
    for (const event of recording.events()) {
      ended ||= event.kind === "end";
      keep(text.event(event));
      if (batch.length >= BATCH || ++events % BATCH === 0) await put();
      if (kept > MOST_TEXT) break;
    }
    keep(text.settle());
    await put();
    lines.finish(reading, { unfinished: running && !ended, cut: kept > MOST_TEXT });
  } finally {
    recording.close();
  }
}
