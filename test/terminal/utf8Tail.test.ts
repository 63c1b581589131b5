import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Screen } from "../../src/terminal/screen.js";
import { unfinishedBytes } from "../../src/terminal/utf8Tail.js";
import { picture } from "../replay/pictures.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a character that comes in parts", () => {
  it("is known by its first bytes", () => {
    const bullet = encode("•");
    expect([1, 2, 3].map((length) => unfinishedBytes(bullet.subarray(0, length)))).toEqual([1, 2, 0]);
    expect(unfinishedBytes(Uint8Array.of(0x80, 0x80, 0x80, 0x80))).toBe(0);
    expect(unfinishedBytes(Uint8Array.of(0xff))).toBe(0);
    expect(unfinishedBytes(new Uint8Array())).toBe(0);
  });

  it("is on the screen all the same, wherever it is cut", () => {
    const texts = fc.array(
      fc.constantFrom("a", "–", "“", "•", "…", "é", "€", "😀", "\u200d", "\u202e", "\x1b[1m"),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(texts, fc.array(fc.nat(30), { maxLength: 6 }), (parts, cuts) => {
        const bytes = encode(parts.join(""));
        const whole = new Screen(20, 3);
        whole.write(bytes);
        const cut = new Screen(20, 3);
        let from = 0;
        for (const at of [...cuts, bytes.length].sort((a, b) => a - b)) {
          cut.write(bytes.subarray(from, at));
          from = Math.max(from, at);
        }
        expect(picture(cut)).toEqual(picture(whole));
      }),
    );
  });
});
