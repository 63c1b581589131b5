import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionEvent, SessionMeta } from "../../src/core/event.js";
import { asShown } from "../../src/core/shownOutput.js";
import { micros, seq } from "../../src/core/units.js";

function shown(pieces: readonly (string | Uint8Array)[], stdout: boolean): Buffer {
  const meta = { terminal: { stdin: false, stdout } } as SessionMeta;
  const bodies = [
    { kind: "open" as const, meta },
    ...pieces.map((piece) => ({ kind: "output" as const, data: Buffer.from(piece as string) })),
  ];
  const events: SessionEvent[] = bodies.map((body, at) => ({ ...body, at: micros(at), seq: seq(at) }));
  return Buffer.concat(
    [...asShown(events)].flatMap((event) => (event.kind === "output" ? [event.data] : [])),
  );
}

describe("output as a screen shows it", () => {
  it("has a carriage return before each line feed where the output went to a pipe", () => {
    expect(shown(["a\nb\r\n", "\nc\r", "\n"], false).toString()).toBe("a\r\nb\r\n\r\nc\r\n");
  });

  it("is what was written where it went to a terminal", () => {
    expect(shown(["a\nb"], true).toString()).toBe("a\nb");
  });

  it("does not depend on how the output was cut", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("\n", "\r", "x"), { maxLength: 30 }), (characters) => {
        expect(shown(characters, false).toString()).toBe(characters.join("").replace(/(?<!\r)\n/g, "\r\n"));
      }),
    );
  });
});
