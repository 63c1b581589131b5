import { BodycamError, messageOf } from "../../core/errors.js";
import type { Micros } from "../../core/units.js";
import type { OpenFile } from "../../recording/openFile.js";
import { recordingIn } from "../../recording/reader.js";
import { fingerprint } from "../../recording/seal.js";
import { verifyFile } from "../../recording/verify.js";
import { rawEd25519, type SshPublicKey } from "../signing/sshPublicKey.js";
import type { BagReading } from "./bagReading.js";
import type { RecordingReport } from "./bundleReport.js";

/** Checks each recording of a bundle where it lies: chain, seals, and that it is the session its folder says. */
export async function checkRecordings(
  bag: BagReading,
  files: readonly string[],
  signer: SshPublicKey | undefined,
): Promise<readonly RecordingReport[]> {
  const raw = signer === undefined ? undefined : rawEd25519(signer);
  const signedBy = raw === undefined ? undefined : fingerprint(raw);
  const reports: RecordingReport[] = [];
  for (const file of files) {
    const folder = /^data\/([^/]+)\/recording\.bodycam$/.exec(file)?.[1];
    if (folder === undefined) continue;
    try {
      const opened = await bag.container.open(bag.base + file);
      try {
        const report = await verifyFile(opened.file);
        for (const problem of report.problems) bag.problems.push({ kind: "recording", file, problem });
        const known = report.problems.every(({ kind }) => kind !== "header-damaged");
        if (known && report.session !== folder)
          bag.problems.push({ kind: "other-session", file, session: report.session });
        const sameKey = signedBy !== undefined && signedBy === report.signer.fingerprint;
        const { imported, last } = known ? lookInto(opened.file, file) : NOTHING;
        reports.push({ file, report, imported, sameKey, until: report.startedAt + last });
      } finally {
        opened.close();
      }
    } catch (error) {
      const why = error instanceof BodycamError ? error.message : `it can't be read (${messageOf(error)})`;
      bag.problems.push({ kind: "not-a-recording", file, why });
    }
  }
  return reports;
}

const NOTHING = { imported: undefined, last: 0 } as const;

/** What the recording was imported from, if it was, and its last moment. */
function lookInto(file: OpenFile, name: string): { imported: string | undefined; last: number } {
  let imported: string | undefined;
  let last = 0 as Micros;
  for (const event of recordingIn(file, name).events()) {
    if (event.kind === "open") imported = event.meta.imported?.format;
    last = event.at;
  }
  return { imported, last };
}
