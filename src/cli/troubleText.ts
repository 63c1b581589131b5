import { displayText } from "../core/displayText.js";
import type { Trouble } from "../recording/trouble.js";

/** What went wrong with a recording, in one sentence for the person who ran the agent. */
export function troubleText(trouble: Trouble): string {
  const detail = displayText(trouble.detail);
  const over = trouble.phase === "end";
  switch (trouble.what) {
    case "disk-full":
      return over
        ? "bodycam: There is room on the disk again; the recording went on. What is missing is marked in it as a gap."
        : "bodycam: The disk was full: a part of this session may not be recorded. Free some space; the recording says what is missing.";
    case "write-failed":
      return over
        ? "bodycam: Writing the recording worked again. What is missing is marked in it as a gap."
        : `bodycam: The recording could not be written (${detail}): a part of this session may be missing. Check the disk that holds bodycam's directory.`;
    case "recorder-lagging":
      return over
        ? "bodycam: The disk caught up. What is missing is marked in the recording as a gap."
        : "bodycam: The disk was too slow for this session: a part of it is not recorded, and the recording says which.";
    case "recording-removed":
      return over
        ? "bodycam: The recording was deleted while it was being made, and has been restored in full."
        : `bodycam: Somebody deleted the recording while it was being made (${detail}).`;
    case "recording-altered":
      return over
        ? "bodycam: The recording was changed by somebody else while it was being made, and has been restored in full."
        : `bodycam: Somebody changed the recording while it was being made (${detail}).`;
    case "shadow-dropped":
      return `bodycam: The second copy that protects the recording was given up (${detail}); the recording itself went on.`;
  }
}
