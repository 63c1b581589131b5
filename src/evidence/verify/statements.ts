import { utcText } from "../report/timeText.js";
import type { BundleReport, RecordingReport } from "./bundleReport.js";

/** What a report means: what it proves, and what it does not, in plain sentences. */
export interface Statements {
  readonly proved: readonly string[];
  readonly notProved: readonly string[];
}

export function statementsOf(report: BundleReport): Statements {
  const proved: string[] = [];
  const notProved: string[] = [];
  const { signature, timestamp, outcome } = report;
  if (outcome !== "altered")
    proved.push(`All ${report.files} files are there and are as the lists in the bag say.`);
  if (signature === undefined || !signature.right)
    notProved.push("It is not signed, or the signature is not right: anybody may have made or changed it.");
  else {
    proved.push(`The list of files was signed with the key ${signature.fingerprint} (${signature.keyType}).`);
    if (signature.expected === true) proved.push("That is the signer that you asked for.");
    else if (signature.expected === undefined)
      notProved.push(
        "Whose key that is: compare the fingerprint with the one that the signer gives you (--signer).",
      );
  }
  if (timestamp === undefined)
    notProved.push(
      "When it was signed: it is not time-stamped, and times are what the recorder's clock said.",
    );
  else if (timestamp.trusted === true)
    proved.push(
      `It was signed before ${utcText(timestamp.at)}, says the time-stamp authority ${timestamp.authority}.`,
    );
  else
    notProved.push(
      `It has a time stamp of ${utcText(timestamp.at)} by ${timestamp.authority}; whether to trust that authority was not checked (--authorities).`,
    );
  for (const recording of report.recordings) aboutRecording(recording, proved, notProved);
  if (report.recordings.length > 0)
    notProved.push(
      "That nothing happened beside what was recorded: the reports say what was seen and what was not.",
    );
  return { proved, notProved };
}

function aboutRecording(
  { report, imported, sameKey, until }: RecordingReport,
  proved: string[],
  notProved: string[],
): void {
  const name = `Session ${report.session}`;
  const sealer = `${report.signer.fingerprint}${sameKey ? ", the same that signed" : ""}`;
  switch (report.outcome) {
    case "intact":
      proved.push(`${name} is whole and unchanged since it was sealed (key ${sealer}).`);
      break;
    case "incomplete":
      proved.push(
        `${name} was not changed, up to its last seal at ${utcText(report.startedAt + report.sealedUntil)} (key ${sealer}).`,
      );
      notProved.push(
        `${name} has no end: its recorder was stopped at ${utcText(until)} or later, and what came after is not recorded.`,
      );
      break;
    case "altered":
      notProved.push(`${name} is not as it was recorded.`);
      break;
  }
  if (imported !== undefined)
    notProved.push(
      `${name} was imported (${imported}), not recorded by bodycam: the seal says nothing about the time before that.`,
    );
}
