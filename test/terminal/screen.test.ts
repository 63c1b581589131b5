import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/terminal/cell.js";
import { Screen } from "../../src/terminal/screen.js";
import { hostileSequences } from "./sequences.js";

const FIXTURES = new URL("../../../shared/data/terminal/", import.meta.url);
/** On the skip list of the emulator's own project too. */
const NOT_MET = new Set(["t0055-EL", "t0084-CBT", "t0103-reverse_wrap", "t0504-vim"]);

describe.skipIf(!existsSync(FIXTURES))("escape sequence fixtures (../shared/data/terminal)", () => {
  const names = existsSync(FIXTURES)
    ? readdirSync(FIXTURES)
        .filter((name) => name.endsWith(".in"))
        .map((name) => name.slice(0, -3))
    : [];
  for (const name of names)
    it.skipIf(NOT_MET.has(name))(name, () => {
      const screen = new Screen(80, 25);
      const input = readFileSync(new URL(`${name}.in`, FIXTURES), "latin1").replaceAll("\n", "\r\n");
      screen.write(Buffer.from(input, "latin1"));
      const expected = readFileSync(new URL(`${name}.text`, FIXTURES), "utf8").split("\n");
      const shown = screen.text().split("\n");
      for (let row = 0; row < 25; row++) expect(shown[row]).toBe((expected[row] ?? "").trimEnd());
    });
});

const screenOf = (text: string, cols = 20, rows = 4): Screen => {
  const screen = new Screen(cols, rows);
  screen.write(Buffer.from(text));
  return screen;
};

/** All that a screen shows, to compare. */
const picture = (screen: Screen): unknown => ({
  size: [screen.cols, screen.rows],
  cursor: screen.cursor,
  alternate: screen.isAlternate,
  cells: Array.from({ length: screen.rows }, (_, row) =>
    Array.from({ length: screen.cols }, (_, column) => screen.cell(row, column)),
  ),
});

describe("a screen", () => {
  it("gives cells with text, width and style", () => {
    const screen = screenOf("a\x1b[1;3;38;2;1;2;3;48;5;200m漢\x1b[0;4:3;9me\u0301\x1b[0;2;7;8mx");
    expect(screen.cell(0, 0)).toEqual({ text: "a", width: 1, style: PLAIN });
    expect(screen.cell(0, 1)).toEqual({
      text: "漢",
      width: 2,
      style: {
        ...PLAIN,
        bold: true,
        italic: true,
        fg: { kind: "rgb", r: 1, g: 2, b: 3 },
        bg: { kind: "palette", index: 200 },
      },
    });
    expect(screen.cell(0, 2).width).toBe(0);
    expect(screen.cell(0, 3)).toEqual({
      text: "e\u0301",
      width: 1,
      style: { ...PLAIN, underline: "curly", strike: true },
    });
    expect(screen.cell(0, 4).style).toEqual({ ...PLAIN, dim: true, inverse: true, hidden: true });
    expect(screen.cell(3, 19)).toEqual({ text: "", width: 1, style: PLAIN });
    expect(() => screen.cell(4, 0)).toThrow(RangeError);
  });

  it("gives emoji two cells, as terminals do", () => {
    const screen = screenOf("🎉x👍🏽");
    expect(screen.cell(0, 0)).toMatchObject({ text: "🎉", width: 2 });
    expect(screen.cell(0, 2).text).toBe("x");
    expect(screen.rowText(0)).toBe("🎉x👍🏽");
  });

  it("tells where the cursor is, and whether it shows", () => {
    expect(screenOf("ab\r\nc").cursor).toEqual({ row: 1, column: 1, visible: true });
    expect(screenOf("\x1b[?25l\x1b[2;9H").cursor).toEqual({ row: 1, column: 8, visible: false });
    expect(screenOf("x".repeat(20)).cursor).toEqual({ row: 0, column: 19, visible: true });
  });

  it("keeps combining marks bounded", () => {
    const screen = screenOf(`a${"\u0301".repeat(100_000)}b`);
    expect(screen.cell(0, 0).text.length).toBeLessThan(20);
    expect(screen.cell(0, 1).text).toBe("b");
  });

  it("never fails, and gives the same screen again from a snapshot", () => {
    const steps = fc.array(
      fc.oneof({ weight: 9, arbitrary: hostileSequences }, fc.tuple(fc.nat(30), fc.nat(12))),
      {
        maxLength: 60,
      },
    );
    const play = (screen: Screen, all: readonly (string | [number, number])[]) => {
      for (const step of all)
        if (typeof step === "string") screen.write(Buffer.from(step));
        else screen.resize(...step);
    };
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const screen = new Screen(12, 5);
        play(screen, before);
        const kept = screen.snapshot();
        if (kept === undefined) return;
        const again = Screen.from(kept);
        expect(picture(again)).toEqual(picture(screen));
        play(screen, after);
        play(again, after);
        expect(picture(again)).toEqual(picture(screen));
      }),
      { numRuns: 400 },
    );
  });
});
