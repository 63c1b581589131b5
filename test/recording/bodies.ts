import fc from "fast-check";
import type { EventBody, SessionEvent } from "../../src/core/event.js";
import { micros } from "../../src/core/units.js";

const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const u16 = fc.integer({ min: 0, max: 0xffff });
const text = fc.string({ unit: "binary", maxLength: 20 });
const count = fc.maxSafeNat();

/** Any event but open and end, which a recording has once each. */
export const anyBody: fc.Arbitrary<EventBody> = fc.oneof(
  { weight: 5, arbitrary: bytes(3000).map((data): EventBody => ({ kind: "output", data })) },
  { weight: 3, arbitrary: bytes(20).map((data): EventBody => ({ kind: "input", data })) },
  fc.integer({ min: 0, max: 0xffff_ffff }).map((n): EventBody => ({ kind: "masked", bytes: n })),
  fc
    .record({ cols: u16, rows: u16, xpixel: u16, ypixel: u16 })
    .map((size): EventBody => ({ kind: "resize", size })),
  fc.constantFrom("SIGINT", "SIGTERM", "SIGRTMIN+3").map((signal): EventBody => ({ kind: "signal", signal })),
  fc.constant<EventBody>({ kind: "suspend" }),
  fc.constant<EventBody>({ kind: "resume" }),
  fc
    .record({ detail: text, from: count, to: count, outputBytes: count, inputBytes: count })
    .map(({ from, to, ...gap }): EventBody => {
      return { kind: "gap", gap: { reason: "disk-full", ...gap, from: micros(from), to: micros(to) } };
    }),
  text.map((detail): EventBody => ({ kind: "notice", notice: { what: "alert", detail } })),
  fc
    .record({ code: fc.integer({ min: 12, max: 255 }), data: bytes(300) })
    .map((unknown): EventBody => ({ kind: "unknown", ...unknown })),
);

/** Events without their times and places, neighbouring output joined: what a recording promises to keep. */
export function essence(events: readonly (SessionEvent | EventBody)[]): EventBody[] {
  const kept: EventBody[] = [];
  for (const event of events) {
    const { at: _at, seq: _seq, ...body } = { at: 0, seq: 0, ...event };
    const last = kept.at(-1);
    if (body.kind === "output" && last?.kind === "output") {
      kept[kept.length - 1] = { kind: "output", data: Uint8Array.from([...last.data, ...body.data]) };
    } else kept.push(body as EventBody);
  }
  return kept;
}
