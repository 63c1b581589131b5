import type { SessionId } from "../core/units.js";
import { RecordingComposer } from "../recording/compose.js";
import type { Signer } from "../recording/seal.js";
import { type ForeignFiles, type ForeignRead, readForeign } from "./foreignFile.js";

export interface Composing {
  /** Where the recording is to be. */
  readonly path: string;
  readonly session: SessionId;
  readonly signer: Signer;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes a recording of a foreign file. When that fails, nothing is left behind.
 * @throws what `readForeign` throws, BodycamError `home-not-writable`, and the system's errors
 */
export async function composeForeign(
  files: ForeignFiles,
  { path, session, signer, onProgress }: Composing,
): Promise<ForeignRead> {
  let composer: RecordingComposer | undefined;
  try {
    const read = await readForeign(
      files,
      (event, startedAt) => {
        composer ??= RecordingComposer.create({ path, session, startedAt, signer });
        composer.add(event.at, event);
      },
      onProgress,
    );
    composer?.finish();
    return read;
  } catch (error) {
    composer?.abandon();
    throw error;
  }
}
