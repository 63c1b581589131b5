import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DrainMark } from "../../src/pty/drainMark.js";

/** Cuts `bytes` at the given places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
}

describe("the drain mark", () => {
  it("is taken out of the output, wherever it is cut, and nothing else is", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (before, after, cuts) => {
          const mark = new DrainMark();
          const stream = Buffer.concat([before, mark.bytes, after]);
          const passed = Buffer.concat(
            pieces(stream, cuts).map((piece) => Uint8Array.from(mark.strip(piece))),
          );
          expect(passed.equals(Buffer.concat([before, after]))).toBe(true);
          expect(mark.found).toBe(true);
        },
      ),
    );
  });

  it("is not taken for found while only its beginning has come", () => {
    const mark = new DrainMark();
    expect(mark.strip(mark.bytes.subarray(0, 47))).toHaveLength(0);
    expect(mark.found).toBe(false);
    const rest = Buffer.from("no");
    expect(Buffer.from(mark.strip(rest))).toEqual(Buffer.concat([mark.bytes.subarray(0, 47), rest]));
  });

  it("holds only digits, which no terminal mode changes", () => {
    expect(Buffer.from(new DrainMark().bytes).toString()).toMatch(/^\d{48}$/);
  });
});
