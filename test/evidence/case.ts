import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventBody } from "../../src/core/event.js";
import type { Flag } from "../../src/core/flag.js";
import { asShown } from "../../src/core/shownOutput.js";
import { SummaryAccumulator } from "../../src/core/summaryAccumulator.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { bundle } from "../../src/evidence/bundle/bundle.js";
import type { SessionEvidence } from "../../src/evidence/bundle/sessionEvidence.js";
import { deviceSigner } from "../../src/evidence/signing/bundleSigner.js";
import { writeAsciicast } from "../../src/formats/asciicastWriter.js";
import { Findings } from "../../src/formats/findings.js";
import { writePlainText } from "../../src/formats/plainText.js";
import { temporarySigner } from "../../src/recording/keys.js";
import type { Signer } from "../../src/recording/seal.js";
import { META, readAll, startRecording } from "../recording/support.js";

export const out = (text: string): EventBody => ({ kind: "output", data: Buffer.from(text) });

export const sessionId = (n: number): SessionId => `0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a${10 + n}` as SessionId;

/** A flag on the frame `at`, about `text`. */
export const flagOn = (session: SessionId, at: number, text: string, time: number): Flag => ({
  id: `${at}a`.padStart(16, "0"),
  session,
  rule: {
    id: "5d0a7a4c-0001-4000-8000-000000000001",
    title: `A rule about ${text}`,
    level: "high",
    tags: ["attack.credential-access", "attack.t1539", "attack.t1059.004"],
    sentence: `The agent did something: ${text}`,
  },
  at: micros(time),
  confidence: "seen",
  evidence: [{ source: "screen", at: micros(time), seq: seq(at), summary: text, fields: { Text: text } }],
});

/** Records a session of `bodies` in `dir`, with a flag on each output that holds `flagged`. */
export async function recordSession(
  dir: string,
  n: number,
  bodies: readonly EventBody[],
  options: { readonly signer?: Signer; readonly flagged?: string; readonly unfinished?: true } = {},
): Promise<SessionEvidence> {
  const id = sessionId(n);
  const path = join(dir, `${n}.bodycam`);
  const writer = startRecording(path, {
    session: id,
    meta: META,
    ...(options.signer !== undefined && { signer: options.signer }),
  });
  for (const body of bodies) {
    writer.append(body);
    await writer.sealSoon();
  }
  if (options.unfinished !== true) await writer.end({ by: "exit", code: 0 });
  writer.close();
  return evidenceOf(path, id, options.flagged);
}

function evidenceOf(path: string, id: SessionId, flagged: string | undefined): SessionEvidence {
  const { events } = readAll(path);
  const startedAt = 1_700_000_000_000_000;
  const sum = new SummaryAccumulator(id, startedAt);
  for (const event of events) sum.add(event);
  const summary = sum.summary("torn");
  if (summary === undefined) throw new Error("an empty recording");
  const flags = events.flatMap((event) =>
    flagged !== undefined && event.kind === "output" && Buffer.from(event.data).includes(flagged)
      ? [flagOn(id, event.seq, flagged, event.at)]
      : [],
  );
  const cast = (version: 2 | 3) => () =>
    writeAsciicast(asShown(events), { version, startedAt, flags }, new Findings());
  return {
    summary,
    recording: path,
    events: () => events,
    flags,
    flagDocuments: flags,
    reviews: [],
    cast: cast(3),
    castV2: cast(2),
    text: () => writePlainText(events),
    more: new Map(),
    redacted: [],
  };
}

/** The bundle of some sessions, as bytes. */
export async function bundleOf(
  sessions: readonly SessionEvidence[],
  signer: Signer = temporarySigner(),
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bundle(sessions, { signer: deviceSigner(signer), version: "0.1.0" }))
    pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** Files as a directory, by their paths. */
export function writeTree(dir: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
}
