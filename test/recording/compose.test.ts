import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../src/core/event.js";
import { type Micros, micros } from "../../src/core/units.js";
import { RecordingComposer } from "../../src/recording/compose.js";
import { temporarySigner } from "../../src/recording/keys.js";
import { packRecording } from "../../src/recording/pack.js";
import { openRecording } from "../../src/recording/reader.js";
import { verifyRecording } from "../../src/recording/verify.js";
import { META, SESSION, scratch } from "./support.js";

type Timed = readonly [Micros, EventBody];

function compose(path: string, events: readonly Timed[]): void {
  const composer = RecordingComposer.create({
    path,
    session: SESSION,
    startedAt: 1_700_000_000_000_000,
    signer: temporarySigner(),
  });
  composer.add(micros(0), { kind: "open", meta: META });
  for (const [at, body] of events) composer.add(at, body);
  composer.add(events.at(-1)?.[0] ?? micros(0), { kind: "end", exit: { by: "unknown" } });
  composer.finish();
}

const read = (path: string): readonly (readonly [number, string, string])[] => {
  const recording = openRecording(path);
  try {
    const bytes = (event: EventBody) => ("data" in event ? Buffer.from(event.data).toString("latin1") : "");
    return [...recording.events()].map((event) => [event.at, event.kind, bytes(event)] as const);
  } finally {
    recording.close();
  }
};

const output = (data: Uint8Array | string): EventBody => ({ kind: "output", data: Buffer.from(data) });

describe("a composed recording", () => {
  it("is intact and keeps each event with its time, packed as well", async () => {
    const event = fc.tuple(
      fc.oneof(fc.nat(100), fc.nat(10_000_000)),
      fc.constantFrom("output", "input"),
      fc.uint8Array({ maxLength: 50 }),
    );
    const path = join(scratch(), "recording.bodycam");
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (list) => {
        let at = 0;
        const events = list.map(([pause, kind, data]) => {
          at += pause;
          return [micros(at), { kind, data } as EventBody] as const;
        });
        compose(path, events);
        const wanted = events.map(([time, body]) => [
          time,
          body.kind,
          Buffer.from("data" in body ? body.data : []).toString("latin1"),
        ]);
        expect(read(path).slice(1, -1)).toEqual(wanted);
        const { outcome, head } = await verifyRecording(path);
        expect(outcome).toBe("intact");
        await packRecording(path, path);
        expect(read(path).slice(1, -1)).toEqual(wanted);
        expect(await verifyRecording(path)).toMatchObject({ outcome: "intact", head });
      }),
      { numRuns: 40 },
    );
  });

  it("holds payloads longer than a frame, and more than one seal", async () => {
    const path = join(scratch(), "recording.bodycam");
    const long = Buffer.alloc(5_000_000, "long ");
    compose(path, [[micros(7), output(long)]]);
    expect((await verifyRecording(path)).outcome).toBe("intact");
    const pieces = read(path).filter(([, kind]) => kind === "output");
    expect(pieces.map(([at]) => at)).toEqual([7, 7, 7, 7, 7]);
    expect(pieces.map(([, , text]) => text).join("")).toBe(long.toString());
    expect(await packRecording(path, path)).toMatchObject({ packed: true });
  });

  it("is there only when it is finished, for its owner only, and leaves nothing behind otherwise", () => {
    const path = join(scratch(), "session", "recording.bodycam");
    const start = () =>
      RecordingComposer.create({ path, session: SESSION, startedAt: 0, signer: temporarySigner() });
    const given = start();
    given.add(micros(0), { kind: "open", meta: META });
    expect(existsSync(path)).toBe(false);
    given.abandon();
    expect(existsSync(dirname(path))).toBe(false);
    compose(path, []);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(["recording.bodycam"]);
  });
});
