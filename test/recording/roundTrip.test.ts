import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/event.js";
import { micros } from "../../src/core/units.js";
import { packRecording } from "../../src/recording/pack.js";
import { verifyRecording } from "../../src/recording/verify.js";
import { anyBody, essence } from "./bodies.js";
import { META, readAll, scratch, startRecording } from "./support.js";

const END: EventBody = { kind: "end", exit: { by: "signal", signal: "SIGKILL", number: 9 } };

/** An event, how much later than the one before it comes, and whether the block ends behind it. */
const anyStep = fc.record({
  body: anyBody,
  later: fc.oneof(fc.nat(500), fc.nat(40_000), fc.nat(100_000_000)),
  seal: fc.boolean(),
});

test("what is recorded is read again, plain and packed, and both verify with the same head", async () => {
  const dir = scratch();
  const path = join(dir, "recording.bodycam");
  const packed = join(dir, "packed.bodycam");
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
      let now = 0;
      const writer = startRecording(path, { clock: { now: () => micros(now) } });
      for (const { body, later, seal } of steps) {
        now += later;
        writer.append(body);
        if (seal) writer.sealSoon();
      }
      const ending = await writer.end(END.kind === "end" ? END.exit : { by: "exit", code: 0 });
      writer.close();
      const plainReport = await verifyRecording(path);
      const result = await packRecording(path, packed);
      const packedReport = await verifyRecording(packed);
      const plain = readAll(path);
      const again = readAll(packed);
      rmSync(path);

      const wanted = essence([{ kind: "open", meta: META }, ...steps.map((step) => step.body), END]);
      expect(essence(plain.events)).toEqual(wanted);
      expect(again.events).toEqual(plain.events);
      expect([plain.stop, again.stop]).toEqual([undefined, undefined]);
      expect(result.packed).toBe(true);
      expect(ending.intact).toBe(true);
      expect(plainReport.problems).toEqual([]);
      const { form: _plain, ...facts } = plainReport;
      expect(packedReport).toEqual({ ...facts, form: "packed" });
      expect(Buffer.from(plainReport.head).equals(ending.head)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test("times never run backwards, and are those of the clock in whole milliseconds", async () => {
  const path = join(scratch(), "recording.bodycam");
  const times = [5_000, 7_999, 7_100, 2_000, 9_000];
  let now = 0;
  const writer = startRecording(path, { clock: { now: () => micros(now) } });
  for (const time of times) {
    now = time;
    writer.append({ kind: "input", data: Uint8Array.of(1) });
  }
  await writer.end({ by: "exit", code: 0 });
  const { events } = readAll(path);
  expect(events.map((event) => event.at)).toEqual([0, 5_000, 7_000, 7_000, 7_000, 9_000, 9_000]);
});
