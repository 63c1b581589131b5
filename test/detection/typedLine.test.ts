import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TypedLine } from "../../src/detection/typedLine.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
const typed = (text: string): readonly string[] => new TypedLine().feed(bytes(text));

describe("editing keys", () => {
  test.each([
    ["plain text", "ls -la\r", ["ls -la"]],
    ["two lines", "a\rb\r", ["a", "b"]],
    ["a line not entered", "rm -rf /", []],
    ["an empty line", "\r", []],
    ["backspace", "lss\x7f -la\r", ["ls -la"]],
    ["backspace at the start", "\x7f\x7fls\r", ["ls"]],
    ["^U takes the line away", "rm -rf /\x15ls\r", ["ls"]],
    ["^W takes a word away", "rm -rf /\x17/tmp/x\r", ["rm -rf /tmp/x"]],
    ["Alt-backspace as well", "rm -rf /\x1b\x7f/tmp/x\r", ["rm -rf /tmp/x"]],
    ["^C gives the line up", "rm -rf /\x03ls\r", ["ls"]],
    ["^A and typing in front", "ls\x01sudo \r", ["sudo ls"]],
    ["^E, ^K", "ls -la\x01\x1b[C\x1b[C\x0b\x05 -h\r", ["ls -h"]],
    ["^Y brings back", "abc\x15x\x19\r", ["xabc"]],
    ["arrows", "lx\x1b[Ds\x1b[3~\r", ["ls"]],
    ["home and end", "s\x1b[Hl\x1b[F x\r", ["ls x"]],
    ["the line before is not known", "ls\r\x1b[A\r", ["ls"]],
    ["pasted text is one line", "\x1b[200~a\rb\r\x1b[201~\r", ["a\nb\n"]],
    ["control bytes in a paste are text", "\x1b[200~x\x15y\x1b[201~\r", ["x\x15y"]],
    ["Kitty's keys", "\x1b[108u\x1b[115;1u\x1b[115;1:3u\x1b[13u", ["ls"]],
    ["Kitty's control keys", "rm\x1b[117;5uls\x1b[13u", ["ls"]],
    ["Shift-Enter is a new line", "a\x1b[13;2ub\r", ["a\nb"]],
  ])("%s", (_, keys, lines) => {
    expect(typed(keys)).toEqual(lines);
  });

  test.each([
    ["device attributes", "\x1b[?62;22c"],
    ["cursor position", "\x1b[12;40R"],
    ["background colour", "\x1b]11;rgb:0000/0000/0000\x07"],
    ["background colour, ended by ST", "\x1b]11;rgb:0000/0000/0000\x1b\\"],
    ["a DCS answer", "\x1bP>|xterm(390)\x1b\\"],
    ["focus", "\x1b[I\x1b[O"],
    ["a mouse click", "\x1b[<0;12;3M\x1b[<0;12;3m"],
    ["an old mouse click", "\x1b[M !!"],
    ["a function key", "\x1bOP"],
  ])("%s is no text", (_, answer) => {
    expect(typed(`l${answer}s\r`)).toEqual(["ls"]);
  });

  test("text cut anywhere, inside characters too, is the same text", () => {
    const keys = bytes("écho ✓\x7f\x1b[200~ü\x1b[201~\x1b]11;x\x07!\rzwei\r");
    const whole = new TypedLine().feed(keys);
    for (let at = 0; at <= keys.length; at++) {
      const line = new TypedLine();
      expect([...line.feed(keys.subarray(0, at)), ...line.feed(keys.subarray(at))]).toEqual(whole);
    }
  });

  test("any bytes are taken", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (pieces) => {
        const line = new TypedLine();
        for (const piece of pieces) for (const one of line.feed(piece)) expect(one.trim()).not.toBe("");
      }),
    );
  });

  test("a line without end is kept within bounds", () => {
    const line = new TypedLine();
    for (let i = 0; i < 20; i++) line.feed(bytes("a".repeat(10_000)));
    expect(line.feed(bytes("\r"))[0]?.length).toBe(64 * 1024);
  });
});
