import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros, seq } from "../../src/core/units.js";
import { createScreenReader } from "../../src/terminal/screenReader.js";
import { read } from "./reading.js";

describe("the screen reader", () => {
  it("tells each line of a log once, in order, blanks at the end dropped", () => {
    expect(read(["one\r\ntwo   \r\n\r\n  three\r\none\r\n"])).toEqual(["one", "two", "  three"]);
  });

  it("joins rows that the terminal wrapped", () => {
    expect(read([`${"x".repeat(50)} cat Cookies\r\n`], 20)).toEqual([`${"x".repeat(50)} cat Cookies`]);
  });

  it("keeps blanks at a wrap, and leaves out the cell that a wide character did not fit into", () => {
    expect(read(["abc   def\r\n"], 4)).toEqual(["abc   def"]);
    expect(read(["abc漢字x\r\n"], 4)).toEqual(["abc漢字x"]);
  });

  it("tells text that is erased, overwritten or scrolled away in the same chunk", () => {
    expect(read(["secret\r\x1b[2Kharmless\r\n"])).toEqual(["secret", "harmless"]);
    expect(read(["secret\rharmle\r\n"])).toEqual(["secret", "harmle"]);
    expect(read(["secret\x1b[2J\x1b[Hgone"])).toEqual(["secret", "gone"]);
    expect(read(["secret\x1bcnew"])).toEqual(["secret", "new"]);
    expect(read(["secret\x1b[1K"])).toEqual(["secret"]);
    expect(read(["secret\x1b[3D\x1b[3Xx\r\n"])).toEqual(["secret", "secx"]);
    expect(read([`top\r\n${"line\r\n".repeat(100)}`])).toEqual(["top", "line"]);
  });

  it("does not tell a half painted row: new text left of old, erased to the right", () => {
    expect(read(["rm -rf /tmp/build\r\nls", "\x1b[Hrm -rf \x1b[K\r\n\n"])).toEqual([
      "rm -rf /tmp/build",
      "ls",
      "rm -rf",
    ]);
  });

  it("tells what stands after characters were deleted", () => {
    expect(read(["rm -rf /tmp", "\x1b[3D\x1b[3P\r\n"])).toEqual(["rm -rf /tmp", "rm -rf /"]);
    expect(read(["rm -rf /tmp", "\b\b\b\x1b[K\r\n"])).toEqual(["rm -rf /tmp", "rm -rf /"]);
  });

  it("reads the alternate screen, and each text once however often it is drawn", () => {
    const paint = "\x1b[Hfirst row\x1b[K\x1b[2;1Hsecond row\x1b[K\x1b[3;1H";
    expect(read(["shell\x1b[?1049h", paint, paint, paint, "\x1b[?1049l\r\nback"])).toEqual([
      "shell",
      "first row",
      "second row",
      "back",
    ]);
  });

  it("leaves out characters that show nothing, but not combining marks", () => {
    expect(read(["Coo\u200bk\u2060ies\ufe0f\u{e0041} cafe\u0301\r\n"])).toEqual(["Cookies cafe\u0301"]);
  });

  it("takes the sides of boxes away", () => {
    expect(read(["│ cat Cookies │\r\n┃ left only\r\n| piped |\r\na | b\r\nls |\r\n"])).toEqual([
      "cat Cookies",
      "left only",
      "piped",
      "a | b",
      "ls |",
    ]);
  });

  it("joins besides what a program wrapped by itself, indented or in a box", () => {
    const command = "cp ~/.config/google-chrome/Default/Cookies /tmp/ck.db && sqlite3 /tmp/ck.db 'select'";
    expect(read([`* Ran ${command.slice(0, 42)}\r\n    ${command.slice(43)}\r\n`], 50)).toEqual([
      `* Ran ${command.slice(0, 42)}`,
      `    ${command.slice(43)}`,
      `* Ran ${command}`,
    ]);
    const box = (text: string) => `\u2502 ${text.padEnd(28)} \u2502\r\n`;
    expect(read([box("rm -rf"), box("terraform destroy"), box("-auto-approve-everything now")], 80)).toEqual([
      "rm -rf",
      "terraform destroy",
      "-auto-approve-everything now",
      "terraform destroy -auto-approve-everything now",
    ]);
    const painted = ["\x1b[?1049h\x1b[3;1Hcat /very/long/path", "\x1b[4;1H  /Cookies", "\x1b[6;1H  apart"];
    expect(read(painted, 24)).toEqual([
      "cat /very/long/path",
      "  /Cookies",
      "cat /very/long/path /Cookies",
      "  apart",
    ]);
  });

  it("keeps its place among other frames by their time", () => {
    const reader = createScreenReader(80, 24);
    reader.write(Buffer.from("Password:"), micros(5_000), seq(3));
    expect(reader.pass(micros(50_000))).toEqual([]);
    expect(reader.pass(micros(105_001))).toEqual([{ text: "Password:", at: 5_000, seq: 3 }]);
    expect(reader.write(Buffer.from("\r\n"), micros(905_000), seq(9))).toEqual([]);
  });

  it("tells a line under the cursor after a pause of more than 100 ms, seen by the next frame or by settle", () => {
    expect(read(["$ ", 101, "ls", 100, " -la\r\n"])).toEqual(["$", "$ ls -la"]);
    const reader = createScreenReader(80, 24);
    expect(reader.write(Buffer.from("Password:"), micros(5_000), seq(3))).toEqual([]);
    expect(reader.settle()).toEqual([{ text: "Password:", at: 5_000, seq: 3 }]);
    expect(reader.settle()).toEqual([]);
    const other = createScreenReader(80, 24);
    other.write(Buffer.from("Password:"), micros(5_000), seq(3));
    expect(other.write(Buffer.from("\r\n"), micros(905_000), seq(9))).toEqual([
      { text: "Password:", at: 5_000, seq: 3 },
    ]);
  });

  it("bounds what progress bars and spinners tell, but not lines that scroll by", () => {
    const bar = Array.from({ length: 10_000 }, (_, i) => `\r${i} of 10000 [${"#".repeat(i % 30)}]`);
    const texts = read([bar.join(""), "\r\n"]);
    expect(texts.length).toBeLessThanOrEqual(66);
    const log = Array.from({ length: 1_000 }, (_, i) => `user ${i} deleted`);
    expect(read([`${"\r\n".repeat(24)}${log.join("\r\n")}\r\n`])).toEqual(log);
  });

  it("tells a line without an end in pieces that overlap", () => {
    const long = Array.from({ length: 200_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
    const needle = "<Login Data>";
    for (const cut of [0, 4000, 8190, 99_995]) {
      const texts = read([`${long.slice(0, cut)}${needle}${long.slice(cut)}\r\n`]);
      expect(texts.some((text) => text.includes(needle))).toBe(true);
      for (const text of texts) expect(text.length).toBeLessThan(20_000);
    }
  });

  it("still tells what is new when two bytes at a time change long lines", () => {
    const hop = "x\x1b[A\x1b[1Gy\x1b[B\x1b[1G".repeat(20_000);
    const long = `${"a".repeat(30)} cat /home/me/.config/chromium/Default/Cookies`;
    const texts = read(
      [`${"w".repeat(5_000)}`, hop, hop, `\x1b[1;900H${long}\x1b[1;1H`, `\x1b[50;10H${long}\r\n`],
      1000,
      100,
    );
    expect(texts.filter((text) => text.includes(long)).length).toBe(2);
    expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(10_000_000);
  });

  it("follows resizes, hostile sizes included", () => {
    const reader = createScreenReader(40, 10);
    const write = (text: string) =>
      reader.write(Buffer.from(text), micros(0), seq(0)).map((line) => line.text);
    expect(write(`${"a".repeat(100)}\r\n`)).toEqual(["a".repeat(100)]);
    for (let i = 0; i < 100_000; i++) reader.resize(i, 100_000 - i);
    reader.resize(20, 10);
    expect(write(`${"b".repeat(30)}\r\n`)).toEqual(["b".repeat(30)]);
    reader.resize(Number.NaN, -5);
    expect(write("xyz\r\n")).toEqual(["xyz"]);
    reader.resize(1e9, 1e9);
    expect(write(`${"c".repeat(2000)}\r\n`)).toEqual(["c".repeat(2000)]);
  });

  it("tells the same however the bytes are cut", () => {
    const pieces = fc.constantFrom(
      "abc",
      "x",
      "漢字",
      "é",
      " ",
      "\r",
      "\n",
      "\r\n",
      "\b",
      "\t",
      "\x1b[A",
      "\x1b[2B",
      "\x1b[5C",
      "\x1b[3D",
      "\x1b[2;3H",
      "\x1b[H",
      "\x1b[K",
      "\x1b[1K",
      "\x1b[2K",
      "\x1b[J",
      "\x1b[1J",
      "\x1b[2J",
      "\x1b[L",
      "\x1b[M",
      "\x1b[P",
      "\x1b[2@",
      "\x1b[3X",
      "\x1b[2;4r",
      "\x1b[r",
      "\x1bM",
      "\x1bD",
      "\x1b7",
      "\x1b8",
      "\x1b[?1049h",
      "\x1b[?1049l",
      "\x1b[31m",
      "\x1b[0m",
      "\x1b[S",
      "\x1b[T",
      "\x1b[?6h",
      "\x1b[?6l",
      "\x1b[4h",
      "\x1b[4l",
      "long enough to wrap around",
      "\x1b[?7l",
      "\x1b[?7h",
      "\x1b[?45h",
      "\x1b[3b",
      "\x1b]0;t\x07",
      "a\u0301",
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        (parts, cuts) => {
          const data = Buffer.from(parts.join(""));
          const at = [...new Set([0, data.length, ...cuts.filter((cut) => cut < data.length)])].sort(
            (a, b) => a - b,
          );
          const cut = at.slice(1).map((end, i) => data.subarray(at[i], end));
          expect(read(cut, 10, 5)).toEqual(read([data], 10, 5));
        },
      ),
      { numRuns: 500 },
    );
  });
});
