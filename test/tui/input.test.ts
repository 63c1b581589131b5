import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Input, InputReader } from "../../src/tui/input.js";

const read = (...pieces: string[]): readonly Input[] => {
  const reader = new InputReader();
  return [...pieces.flatMap((piece) => reader.feed(piece)), ...reader.flush()];
};
const names = (inputs: readonly Input[]) =>
  inputs.map((input) => (input.kind === "key" ? input.name : input.action));

describe("what a terminal sends", () => {
  it("is read as keys, with their modifiers and characters", () => {
    expect(names(read("a\x1b[A\x1bOB\x1b[1;2D\x1b[1;5C\x1b[Z\x1b[H\x1b[4~\x1b[5~\r\x7f\t\x03é漢"))).toEqual([
      "a",
      "up",
      "down",
      "shift+left",
      "ctrl+right",
      "shift+tab",
      "home",
      "end",
      "pageup",
      "enter",
      "backspace",
      "tab",
      "ctrl+c",
      "é",
      "漢",
    ]);
    expect(read("é")).toEqual([{ kind: "key", name: "é", text: "é" }]);
  });

  it("is read as mouse events at cells counted from 0", () => {
    expect(read("\x1b[<0;12;5M\x1b[<32;13;5M\x1b[<0;13;5m\x1b[<64;1;1M\x1b[<81;1;1M")).toEqual([
      { kind: "mouse", action: "press", column: 11, row: 4, held: false },
      { kind: "mouse", action: "drag", column: 12, row: 4, held: false },
      { kind: "mouse", action: "release", column: 12, row: 4, held: false },
      { kind: "mouse", action: "wheel-up", column: 0, row: 0, held: false },
      { kind: "mouse", action: "wheel-down", column: 0, row: 0, held: true },
    ]);
  });

  it("is the same however it is cut, but for an escape that nothing followed", () => {
    const parts = fc.array(
      fc.constantFrom("a", "\x1b[A", "\x1b[1;5C", "\x1b[<0;12;5M", "\r", "漢", "\x1b[5~"),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(parts, fc.array(fc.nat(60), { maxLength: 6 }), (all, cuts) => {
        const text = all.join("");
        const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
        const pieces = [...at, text.length].map((end, i) => text.slice(i === 0 ? 0 : at[i - 1], end));
        expect(read(...pieces)).toEqual(read(text));
      }),
    );
    expect(names(read("\x1b"))).toEqual(["escape"]);
    expect(names(read("\x1b["))).toEqual(["escape", "["]);
  });
});
