import type { EventBody, SessionEvent, SessionMeta } from "../../src/core/event.js";
import { micros, seq } from "../../src/core/units.js";
import { Findings } from "../../src/formats/findings.js";
import type { ForeignFormat, FormatReader } from "../../src/formats/foreign.js";
import { ForeignSession } from "../../src/formats/foreignSession.js";
import { META } from "../recording/support.js";

/** A session's events: `open`, then these, at their microseconds. */
export const session = (
  bodies: readonly (readonly [number, EventBody])[],
  meta: Partial<SessionMeta> = {},
): readonly SessionEvent[] =>
  [[0, { kind: "open", meta: { ...META, ...meta } }] as const, ...bodies].map(
    ([at, body], n): SessionEvent => ({ at: micros(at), seq: seq(n), ...body }),
  );

export const output = (text: string | Uint8Array): EventBody => ({ kind: "output", data: Buffer.from(text) });
export const input = (text: string | Uint8Array): EventBody => ({ kind: "input", data: Buffer.from(text) });

/** A foreign file as a session, and when it began. */
export function importFile(
  format: ForeignFormat,
  make: (findings: Findings) => FormatReader,
  file: Uint8Array | string,
): { readonly events: readonly SessionEvent[]; readonly startedAt: number } {
  const findings = new Findings();
  const source = {
    format,
    files: [{ name: "file", bytes: file.length, sha256: "" }],
    now: 0,
    writtenAt: 5,
    recorder: { version: "0", pid: 1 },
  };
  const foreign = new ForeignSession(make(findings), source, findings);
  const events = [...foreign.push(Buffer.from(file)), ...foreign.end()];
  return { events, startedAt: foreign.startedAt };
}

/** Events without their numbers, bytes as text: for comparing. Notices of the import itself are left out. */
export const facts = (events: Iterable<SessionEvent>): readonly unknown[] =>
  [...events]
    .filter((event) => !(event.kind === "notice" && event.notice.what === "import"))
    .map(({ seq: _, ...event }) =>
      "data" in event ? { ...event, data: Buffer.from(event.data).toString("latin1") } : event,
    );
