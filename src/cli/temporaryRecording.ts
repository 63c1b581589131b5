import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionId } from "../core/units.js";
import { temporarySigner } from "../recording/keys.js";
import { composeForeign } from "./composeForeign.js";
import type { ForeignFiles, ForeignRead } from "./foreignFile.js";

/** A recording that is kept only as long as somebody looks at it. */
export interface TemporaryRecording extends ForeignRead {
  readonly path: string;
  /** Deletes it. Whoever has it open can go on reading. */
  remove(): void;
}

/**
 * Makes a recording of a foreign file in a directory of its own (0700), so that everything that reads recordings can
 * look at it. It is sealed with a key that nobody keeps. @throws what `readForeign` throws, and the system's errors
 */
export async function temporaryRecording(files: ForeignFiles): Promise<TemporaryRecording> {
  const directory = mkdtempSync(join(tmpdir(), "bodycam-"));
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(directory, { recursive: true, force: true });
  };
  process.on("exit", remove);
  try {
    const path = join(directory, "recording.bodycam");
    const session = randomUUID() as string as SessionId;
    const read = await composeForeign(files, { path, session, signer: temporarySigner() });
    return { ...read, path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
