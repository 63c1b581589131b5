import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { BodycamError, messageOf } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { homeOf, recordingPath, reviewsPath } from "../core/home.js";
import type { Review } from "../core/review.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { asShown } from "../core/shownOutput.js";
import { bundle } from "../evidence/bundle/bundle.js";
import type { SessionEvidence } from "../evidence/bundle/sessionEvidence.js";
import { encrypterFor } from "../evidence/encrypt/ageEncrypt.js";
import { type BundleSigner, deviceSigner } from "../evidence/signing/bundleSigner.js";
import { userSigner } from "../evidence/signing/sshKeygen.js";
import { sshFingerprint } from "../evidence/signing/sshPublicKey.js";
import { stampRequest } from "../evidence/timestamp/stamp.js";
import { writeAsciicast } from "../formats/asciicastWriter.js";
import { Findings } from "../formats/findings.js";
import { writePlainText } from "../formats/plainText.js";
import { loadSigner } from "../recording/keys.js";
import { openRecording } from "../recording/reader.js";
import { indexRecording } from "../session/indexRecording.js";
import { reviewsOf } from "../session/reviews.js";
import { bytesProgress } from "./bytesProgress.js";
import { detectorDirectories } from "./detectorDirectories.js";
import { flagJson } from "./json.js";
import { openLibrary } from "./openLibrary.js";
import { writeOutputFile } from "./outputFile.js";
import { VERSION } from "./version.js";

export interface BundleChoices {
  readonly output?: string;
  readonly signWith?: string;
  readonly encryptTo?: readonly string[];
  readonly timestampRequest?: string;
  readonly force?: true;
}

/** Writes the bundle of one or more sessions. What is worth knowing about it is told on stderr. */
export async function exportBundle(ids: readonly string[], choices: BundleChoices): Promise<void> {
  const { output, encryptTo = [] } = choices;
  if (output === undefined) {
    throw new BodycamError("bad-usage", "Say where the bundle goes.", {
      hint: `For example: bodycam export ${ids[0] ?? ""} -o case.zip`.replace("  ", " "),
    });
  }
  const encrypt = encryptTo.length === 0 ? undefined : encrypterFor(encryptTo.map(recipientOf));
  const signer = await signerFor(choices.signWith);
  const sessions = await sessionsOf(ids.length === 0 ? [undefined] : [...new Set(ids)]);
  const progress = bytesProgress("writing the bundle");
  let signature: Uint8Array | undefined;
  const content = bundle(sessions, {
    signer,
    version: VERSION,
    onProgress: (file) => progress.now(file.slice(file.lastIndexOf("/") + 1)),
    onSignature: (made) => {
      signature = made;
    },
  });
  const counted = progress.counting(content);
  await writeOutputFile(output, encrypt === undefined ? counted : encrypt(counted), {
    force: choices.force === true,
  });
  progress.end();
  if (choices.timestampRequest !== undefined && signature !== undefined) {
    writeFileSync(choices.timestampRequest, stampRequest(signature), { mode: 0o600 });
    process.stderr.write(
      `bodycam: Send ${choices.timestampRequest} to a time-stamp authority, then: bodycam stamp ${output} RESPONSE\n`,
    );
  }
  process.stderr.write(`bodycam: signed with ${sshFingerprint(signer.key)}\n`);
  const flagged = sessions.reduce((sum, { flags }) => sum + flags.length, 0);
  process.stderr.write(
    `bodycam: ${output === "-" ? "the bundle" : output} holds ${sessions.length === 1 ? "one session" : `${sessions.length} sessions`}, with ${flagged} flags. It shows what was on the screen and what was typed: give it only to whom it may concern.\n`,
  );
}

async function signerFor(keyFile: string | undefined): Promise<BundleSigner> {
  if (keyFile !== undefined) return userSigner(keyFile);
  return deviceSigner(loadSigner(homeOf(process.env, process.platform).dir));
}

/** A recipient as it was given, or what stands in the file of that name. */
function recipientOf(text: string): string {
  if (/^(age1|ssh-)/.test(text) || !existsSync(text)) return text;
  try {
    const lines = readFileSync(text, "utf8").split("\n");
    return lines.find((line) => line.trim() !== "" && !line.startsWith("#"))?.trim() ?? text;
  } catch (error) {
    throw new BodycamError("io", `${text} can't be read (${messageOf(error)}).`, {
      hint: "Give a recipient, or a file with one.",
      cause: error,
    });
  }
}

async function sessionsOf(ids: readonly (string | undefined)[]): Promise<readonly SessionEvidence[]> {
  const sessions: SessionEvidence[] = [];
  for (const id of ids) {
    const path = id !== undefined && (id.includes("/") || existsSync(id));
    sessions.push(path ? await fromPath(id) : await fromLibrary(id));
  }
  return sessions;
}

async function fromPath(path: string): Promise<SessionEvidence> {
  const { summary, flags } = await indexRecording(path, detectorDirectories(), () => false);
  return evidenceOf(summary, path, flags, [], new Map());
}

async function fromLibrary(id: string | undefined): Promise<SessionEvidence> {
  const library = await openLibrary();
  try {
    const { home, catalogue } = library;
    const summary = library.find(id);
    const { reviews } = reviewsOf(home, catalogue, summary.id);
    const log = reviewsPath(home, summary.id);
    const more = new Map(existsSync(log) ? [["reviews.jsonl", () => [readFileSync(log)]]] : []);
    return evidenceOf(summary, recordingPath(home, summary.id), library.flags(summary), reviews, more);
  } finally {
    library.close();
  }
}

function evidenceOf(
  summary: SessionSummary,
  recording: string,
  found: readonly Flag[],
  reviews: readonly Review[],
  more: SessionEvidence["more"],
): SessionEvidence {
  const { startedAt } = summary;
  const flags = [...found].sort((a, b) => a.at - b.at);
  const events = (): Iterable<SessionEvent> => eventsOf(recording);
  return {
    summary,
    recording,
    events,
    flags,
    flagDocuments: flags.map((flag) => flagJson(flag, startedAt)),
    reviews,
    cast: () => writeAsciicast(asShown(events()), { version: 3, startedAt, flags }, new Findings()),
    castV2: () => writeAsciicast(asShown(events()), { version: 2, startedAt, flags }, new Findings()),
    text: () => writePlainText(events()),
    more,
    redacted: [],
  };
}

function* eventsOf(path: string): Generator<SessionEvent, void> {
  const recording = openRecording(path);
  try {
    yield* recording.events();
  } finally {
    recording.close();
  }
}
