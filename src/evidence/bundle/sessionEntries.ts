import type { SessionEvent } from "../../core/event.js";
import { standingOf } from "../../core/review.js";
import { openRecording } from "../../recording/reader.js";
import { verifyRecording } from "../../recording/verify.js";
import { report } from "../report/report.js";
import { gatherFacts, type SessionFacts } from "../sessionFacts.js";
import { ed25519Key, sshFingerprint } from "../signing/sshPublicKey.js";
import { TranscriptNumbers } from "../transcripts.js";
import { type BagEntry, fileEntry, joined } from "./bagEntry.js";
import { CastKeeper } from "./castKeeper.js";
import { detectionFinding } from "./ocsf.js";
import type { SessionEvidence } from "./sessionEvidence.js";

/** The files of one session, each made when its turn comes. */
export async function* sessionEntries(
  session: SessionEvidence,
  version: string,
): AsyncGenerator<BagEntry, void> {
  const { summary, flags, flagDocuments, reviews } = session;
  const folder = `data/${summary.id}`;
  const standing = standingOf(reviews);
  const integrity = await verifyRecording(session.recording);
  const document = (name: string, value: unknown): BagEntry => ({
    path: `${folder}/${name}`,
    content: [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)],
  });
  yield await fileEntry(`${folder}/recording.bodycam`, session.recording);
  yield document("flags.json", flagDocuments);
  yield document(
    "flags.ocsf.json",
    flags.map((flag) => detectionFinding(flag, summary, version, standing.flags.get(flag.id))),
  );
  yield document("verdicts.json", reviews.map(verdictDocument));
  for (const [name, content] of session.more) yield { path: `${folder}/${name}`, content: joined(content()) };
  const keeper = new CastKeeper();
  yield { path: `${folder}/session.cast`, content: keeper.passing(joined(session.cast())) };
  yield { path: `${folder}/session.v2.cast`, content: joined(session.castV2()) };
  yield { path: `${folder}/session.txt`, content: joined(session.text()) };
  const facts = await gatherFacts(session.events(), flags);
  if (facts.tools.length > 0)
    yield { path: `${folder}/tools.jsonl`, content: joined(toolLines(facts, summary.startedAt)) };
  for (const { name, number } of facts.transcripts)
    yield { path: `${folder}/${name}`, content: joined(transcriptOf(session.events(), number)) };
  const cast = await keeper.base64();
  const { redacted } = session;
  const sealer = sealerOf(session.recording);
  yield {
    path: `${folder}/report.html`,
    content: [Buffer.from(report({ summary, integrity, sealer, flags, standing, facts, cast, redacted }))],
  };
}

/** The fingerprint of the key that a recording is sealed with, as ssh-keygen prints it. */
function sealerOf(path: string): string {
  const recording = openRecording(path);
  try {
    return sshFingerprint(ed25519Key(recording.header.publicKey));
  } finally {
    recording.close();
  }
}

const verdictDocument = (review: SessionEvidence["reviews"][number]): Record<string, unknown> => ({
  number: review.number,
  flag: review.flag ?? null,
  verdict: review.verdict,
  note: review.note,
  by: review.by,
  host: review.host,
  time: new Date(Math.floor(review.at / 1000)).toISOString(),
  hash: review.hash,
});

/** The agent's own transcript, as it was copied when the session ended. */
function* transcriptOf(events: Iterable<SessionEvent>, number: number): Generator<Uint8Array> {
  const numbers = new TranscriptNumbers();
  for (const event of events)
    if (event.kind === "transcript" && numbers.of(event.piece) === number) yield event.data;
}

/** The tool calls that were told while the session ran: one call or result a line. */
function* toolLines({ tools }: SessionFacts, startedAt: number): Generator<string> {
  for (const { at, fact } of tools)
    yield `${JSON.stringify({ time: new Date(Math.floor((startedAt + at) / 1000)).toISOString(), at_us: at, ...fact })}\n`;
}
