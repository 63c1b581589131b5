import { BodycamError } from "../core/errors.js";
import { type Flag, lastForms } from "../core/flag.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { SummaryAccumulator } from "../core/summaryAccumulator.js";
import { loadDetectors } from "../detection/detectors.js";
import { openRecording } from "../recording/reader.js";
import { Analysis } from "./analysis.js";

/** After so many events other work gets its turn. */
const TURN = 256;

/** Reads a whole recording: what the catalogue holds of it. Throws what `openRecording` throws. */
export async function indexRecording(
  path: string,
  detectors: readonly string[],
  isAlive: (session: SessionSummary) => boolean,
): Promise<{ readonly summary: SessionSummary; readonly flags: readonly Flag[] }> {
  const recording = openRecording(path);
  try {
    const { session, startedAt } = recording.header;
    const analysis = new Analysis(await loadDetectors(detectors, undefined, startedAt), session);
    const sum = new SummaryAccumulator(session, startedAt);
    const flags: Flag[] = [];
    let count = 0;
    for (const event of recording.events()) {
      sum.add(event);
      flags.push(...analysis.event(event));
      if (++count % TURN === 0) await new Promise(setImmediate);
    }
    flags.push(...analysis.settle());
    const summary = sum.summary("torn", analysis.claims());
    if (summary === undefined) {
      throw new BodycamError("not-a-recording", `${path} ends before its session begins.`, {
        hint: "The recorder was killed at its very start; there is nothing to show.",
      });
    }
    return {
      summary: summary.state === "torn" && isAlive(summary) ? { ...summary, state: "recording" } : summary,
      flags: lastForms(flags),
    };
  } finally {
    recording.close();
  }
}
