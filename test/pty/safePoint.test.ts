import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SafePoint } from "../../src/pty/safePoint.js";

const reachedAfter = (...texts: readonly string[]): boolean => {
  const point = new SafePoint();
  for (const text of texts) point.passed(Buffer.from(text, "latin1"));
  return point.reached;
};

describe("a safe point", () => {
  it.each([
    ["nothing", ""],
    ["text", "hello\r\n"],
    ["a whole sequence", "\x1b[31m"],
    ["a title ended by BEL", "\x1b]0;title\x07"],
    ["a title ended by ST", "\x1b]0;title\x1b\\"],
    ["a device string ended by ST", "\x1bP1$r0m\x1b\\"],
    ["a character set choice", "\x1b(B"],
    ["a cancelled sequence", "\x1b[31\x18"],
    ["a whole character of several bytes", "\xe2\x94\x80"],
    ["text long after a sequence", `\x1b[m${"x".repeat(20_000)}`],
  ])("is there after %s", (_, text) => {
    expect(reachedAfter(text)).toBe(true);
  });

  it.each([
    ["a lone ESC", "\x1b"],
    ["half a sequence", "\x1b[38;2;10"],
    ["a title that goes on", "\x1b]0;title"],
    ["a device string that goes on", "\x1bPq#0;2;0;0;0"],
    ["a very long string that goes on", `\x1b]52;c;${"A".repeat(100_000)}`],
    ["half a character", "\xe2\x94"],
    ["a character set choice that goes on", "\x1b("],
  ])("is not there after %s", (_, text) => {
    expect(reachedAfter(text)).toBe(false);
  });

  it("does not depend on how the output was cut", () => {
    const parts = [
      "text",
      "\x1b[1;31m",
      "\x1b]0;t\x07",
      "\x1b]0;t\x1b\\",
      "\x1bPx\x1b\\",
      "\x1b(B",
      "é",
      "\x1b[",
      "\x1b]8;",
      "\x1bP",
      "─",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 10 }),
        fc.array(fc.nat(80), { maxLength: 10 }),
        (texts, cuts) => {
          const bytes = Buffer.from(texts.join(""));
          const places = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const whole = new SafePoint();
          whole.passed(bytes);
          const cut = new SafePoint();
          let from = 0;
          for (const to of places) {
            cut.passed(bytes.subarray(from, to));
            from = to;
          }
          expect(cut.reached).toBe(whole.reached);
        },
      ),
    );
  });
});
