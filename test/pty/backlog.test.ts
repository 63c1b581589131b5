import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Backlog } from "../../src/pty/backlog.js";

describe("bytes that wait to be written", () => {
  it("come out whole and in order, and what was taken stays as it is until the next is", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant("take"), fc.uint8Array({ maxLength: 200_000 }))), (steps) => {
        const backlog = new Backlog();
        const given: number[] = [];
        const got: number[] = [];
        let leaving: Uint8Array = new Uint8Array();
        const take = () => {
          got.push(...leaving);
          leaving = backlog.take();
          expect(backlog.length).toBe(0);
        };
        for (const step of steps) {
          if (typeof step === "string") take();
          else {
            // A caller's buffer is used again at once.
            const lent = Uint8Array.from(step);
            backlog.add(lent);
            lent.fill(0xff);
            for (const byte of step) given.push(byte);
          }
        }
        take();
        take();
        expect(Buffer.from(got).equals(Buffer.from(given))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
