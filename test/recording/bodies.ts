import fc from "fast-check";
import type { EventBody, SessionEvent } from "../../src/core/event.js";
import type { Observation } from "../../src/core/observation.js";
import { micros } from "../../src/core/units.js";

const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const u16 = fc.integer({ min: 0, max: 0xffff });
const text = fc.string({ unit: "binary", maxLength: 20 });
const count = fc.maxSafeNat();

const pid = fc.integer({ min: 0, max: 4_194_304 });
const scope = fc.constantFrom("inside", "temporary", "outside");

export const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({
    source: fc.constant("process"),
    fact: fc.oneof(
      fc.record({
        what: fc.constant("exec"),
        pid,
        ppid: pid,
        image: text,
        argv: fc.array(text, { maxLength: 5 }),
        cwd: text,
      }),
      fc.record({ what: fc.constant("fork"), pid, child: pid }),
      fc.record({
        what: fc.constant("exit"),
        pid,
        code: fc.option(fc.integer({ min: 0, max: 255 })),
        signal: fc.option(text),
      }),
      fc.record({ what: fc.constant("connect"), pid, address: text, port: u16 }),
      fc.record({ what: fc.constantFrom("delete", "truncate"), pid, path: text, scope }),
      fc.record({ what: fc.constant("rename"), pid, from: text, to: text, scope, overwrote: fc.boolean() }),
    ),
  }),
  fc.record({
    source: fc.constant("file"),
    fact: fc.record({
      what: fc.constantFrom("open", "read", "write", "move", "delete", "link"),
      path: text,
      store: text,
      by: fc.option(fc.record({ pid, image: text, command: text }), { nil: undefined }),
    }),
  }),
  fc.record({
    source: fc.constant("tool"),
    fact: fc.oneof(
      fc.record({
        what: fc.constant("call"),
        agent: text,
        call: text,
        tool: text,
        command: fc.option(text, { nil: undefined }),
        paths: fc.array(text, { maxLength: 3 }),
        input: text,
      }),
      fc.record({
        what: fc.constant("result"),
        agent: text,
        call: text,
        failed: fc.boolean(),
        output: text,
      }),
    ),
  }),
  fc.record({
    source: fc.constant("coverage"),
    fact: fc.record({
      source: fc.constantFrom("strace", "process-table", "inotify", "transcript"),
      state: fc.constantFrom("on", "off", "failed"),
      detail: text,
    }),
  }),
) as fc.Arbitrary<Observation>;

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
    .record({ agent: text, path: text, offset: count, data: bytes(3000), conversation: fc.option(text) })
    .map(({ data, conversation, ...piece }): EventBody => {
      return {
        kind: "transcript",
        piece: conversation === null ? piece : { ...piece, conversation },
        data,
      };
    }),
  fc.record({ observation: anyObservation, happened: count }).map(({ observation, happened }): EventBody => {
    return { kind: "observation", observation, happened: micros(happened) };
  }),
  anyObservation.map((observation): EventBody => ({ kind: "observation", observation })),
  fc
    .record({ code: fc.integer({ min: 64, max: 255 }), data: bytes(300) })
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
