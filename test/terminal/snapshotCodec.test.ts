import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Screen } from "../../src/terminal/screen.js";
import { decodeSnapshot, encodeSnapshot } from "../../src/terminal/snapshotCodec.js";
import { hostileSequences } from "./sequences.js";

const picture = (screen: Screen): unknown => ({
  size: [screen.cols, screen.rows],
  cursor: screen.cursor,
  cells: Array.from({ length: screen.rows }, (_, row) =>
    Array.from({ length: screen.cols }, (_, column) => screen.cell(row, column)),
  ),
});

const pieces = fc.array(
  fc.array(hostileSequences, { maxLength: 8 }).map((all) => Buffer.from(all.join(""))),
  {
    minLength: 1,
    maxLength: 10,
  },
);
const sizes = fc.tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 12 }));

describe("kept screens as bytes", () => {
  it("come back as they were, and go on as the real one does", () => {
    fc.assert(
      fc.property(pieces, pieces, sizes, sizes, (before, after, [cols, rows], next) => {
        const screen = new Screen(cols, rows);
        for (const piece of before) screen.write(piece);
        const snapshot = screen.snapshot();
        if (snapshot === undefined) return;
        const bytes = encodeSnapshot(snapshot);
        const decoded = decodeSnapshot(bytes);
        if (decoded === undefined) throw new Error("not decoded");
        const again = Screen.from(decoded);
        expect(picture(again)).toEqual(picture(screen));
        const kept = again.snapshot();
        expect(kept !== undefined && encodeSnapshot(kept).equals(bytes)).toBe(true);
        for (const which of [screen, again]) {
          for (const piece of after) which.write(piece);
          which.resize(...next);
        }
        expect(picture(again)).toEqual(picture(screen));
      }),
      { numRuns: 200 },
    );
  });

  it("are refused, or harmless, when they were changed", () => {
    const screen = new Screen(20, 5);
    screen.write(Buffer.from("\x1b[1;4:3;38;2;1;2;3mabc e\u0301 漢字\r\n\x1b(0lqk\x1b[?1049h\x1b[5;5Hx"));
    const snapshot = screen.snapshot();
    if (snapshot === undefined) throw new Error("not kept");
    const bytes = encodeSnapshot(snapshot);
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), (all, length) => {
        const changed = Buffer.from(bytes.subarray(0, Math.max(length, bytes.length / 2)));
        for (const [at, value] of all) changed[at % changed.length] = value;
        const decoded = decodeSnapshot(changed);
        if (decoded === undefined) return;
        const again = Screen.from(decoded);
        again.write(Buffer.from("\x1b[2;2Hmore\r\n\n\n"));
        picture(again);
      }),
      { numRuns: 2000 },
    );
    expect(decodeSnapshot(new Uint8Array(0))).toBeUndefined();
    expect(decodeSnapshot(bytes.subarray(0, -12))).toBeUndefined();
  });
});
