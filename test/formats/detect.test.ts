import { describe, expect, it } from "vitest";
import { compressionOf, detectFormat } from "../../src/formats/detect.js";

describe("a file's format", () => {
  it.each([
    ['{"version":2,"width":80,"height":24}\n[1,"o","a"]\n', "asciicast-v2"],
    ['{"version": 3, "term": {"cols": 80, "rows": 24}}', "asciicast-v3"],
    ['\ufeff  {"version": 3, "term": {}}\r\n', "asciicast-v3"],
    ['{"version":1,"width":80,"height":24,"stdout":[]}', "asciicast-v1"],
    ['{\n  "version": 1,\n  "width": 80,\n  "stdout": [', "asciicast-v1"],
    [`{"width":80,"version": 1,"stdout":[[1,"${"x".repeat(300_000)}"`, "asciicast-v1"],
    ["Script started on 2026-11-25 03:26:25+00:00 [<not executed on terminal>]\n", "typescript"],
    ['{"title":"\\"version\\": 1"}\n', undefined],
    ['{"version":4}\n', undefined],
    ["{", undefined],
    ["", undefined],
    ["hello\n", undefined],
    ["\x89BCAM\r\n\x1a\x01\0\0\0", undefined],
  ])("%j", (start, format) => {
    expect(detectFormat(Buffer.from(start))).toBe(format);
  });

  it("may be compressed", () => {
    expect(compressionOf(Buffer.from("1f8b0800", "hex"))).toBe("gzip");
    expect(compressionOf(Buffer.from("28b52ffd00", "hex"))).toBe("zstd");
    expect(compressionOf(Buffer.from('{"v'))).toBeUndefined();
    expect(compressionOf(Buffer.alloc(0))).toBeUndefined();
  });
});
