import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Findings } from "../../src/formats/findings.js";
import { looksLikeTtyrec, TtyrecReader } from "../../src/formats/ttyrec.js";
import { hear } from "./reading.js";

const ttyrec = (findings: Findings) => new TtyrecReader(findings);

function frame(seconds: number, micros: number, data: string, length = data.length): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(seconds, 0);
  header.writeUInt32LE(micros, 4);
  header.writeUInt32LE(length, 8);
  return Buffer.concat([header, Buffer.from(data, "latin1")]);
}

describe("ttyrec", () => {
  it("gives frames at their times, bytes as they are", () => {
    const file = Buffer.concat([frame(1e9, 999_999, "a\xff"), frame(1e9 + 1, 0, ""), frame(1e9 + 2, 5, "b")]);
    const heard = hear(ttyrec, file, [5]);
    expect(heard.heads).toMatchObject([{ size: undefined, startedAt: 1e15 + 999_999 }]);
    expect(heard.events).toEqual([
      [0, "output", "a\xff"],
      [1, "output", ""],
      [1_000_006, "output", "b"],
    ]);
    expect(heard.findings).toEqual([]);
  });

  it("may count from 0, and then does not say when it was", () => {
    expect(hear(ttyrec, frame(0, 5, "a")).heads).toMatchObject([{ startedAt: undefined }]);
  });

  it("takes the size that termrec writes", () => {
    expect(hear(ttyrec, frame(0, 0, "\x1b%G\x1b[8;30;90t")).heads).toMatchObject([
      { size: { cols: 90, rows: 30 } },
    ]);
  });

  it.each([
    ["in a header", Buffer.concat([frame(1, 0, "a"), Buffer.of(1, 2, 3)]), ["a"]],
    ["in a frame", Buffer.concat([frame(1, 0, "a"), frame(2, 0, "bc", 10)]), ["a", "bc"]],
  ])("gives what is there when it is cut short %s", (_, file, wanted) => {
    const heard = hear(ttyrec, file);
    expect(heard.events.map(([, , text]) => text)).toEqual(wanted);
    expect(heard.kinds).toEqual(["cut-short"]);
  });

  it("goes on from where it was when clocks run backwards", () => {
    const file = Buffer.concat([frame(100, 0, "a"), frame(40, 0, "b"), frame(41, 0, "c")]);
    const heard = hear(ttyrec, file);
    expect(heard.events.map(([at]) => at)).toEqual([0, 0, 1e6]);
    expect(heard.kinds).toEqual(["time-backwards"]);
  });

  it("passes on a frame of any claimed length in pieces", () => {
    const heard = hear(ttyrec, frame(1, 0, "x".repeat(3_000_000), 0xffff_ffff), [65536]);
    expect(heard.events.map(([, , text]) => text.length)).toEqual([1 << 20, 1 << 20, 3_000_000 - (2 << 20)]);
    expect(heard.kinds).toEqual(["cut-short"]);
  });

  it("reads the same however it is cut into pieces, and never throws", () => {
    const part = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1), fc.string())
        .map(([seconds, micros, data]) => frame(seconds, micros, data)),
    );
    fc.assert(
      fc.property(
        fc.array(part),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (parts, sizes) => {
          const file = Buffer.concat(parts);
          expect(hear(ttyrec, file, sizes)).toEqual(hear(ttyrec, file));
        },
      ),
    );
  });

  it("is told from text and from nothing", () => {
    expect(looksLikeTtyrec(frame(1e9, 5, "abc"))).toBe(true);
    expect(looksLikeTtyrec(Buffer.concat([frame(1e9, 5, "abc"), frame(1e9, 5, "abc")]))).toBe(true);
    expect(looksLikeTtyrec(Buffer.concat([frame(1e9, 5, "abc"), Buffer.alloc(20, 0xff)]))).toBe(false);
    expect(looksLikeTtyrec(Buffer.from("#!/bin/sh\necho hello, world\n"))).toBe(false);
    expect(looksLikeTtyrec(Buffer.alloc(0))).toBe(false);
    expect(looksLikeTtyrec(Buffer.alloc(1000))).toBe(false);
  });
});
