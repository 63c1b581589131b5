import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { unpack } from "../../src/cli/unpack.js";
import { scratch } from "./desk.js";

async function read(bytes: Uint8Array, most?: number): Promise<{ whole: boolean; text: string }> {
  const path = join(scratch(), "file");
  writeFileSync(path, bytes);
  const pieces: Buffer[] = [];
  const to = (piece: Uint8Array): void => void pieces.push(Buffer.from(piece));
  const whole = await unpack(path, { to, ...(most === undefined ? {} : { most }) });
  return { whole, text: Buffer.concat(pieces).toString("latin1") };
}

const content = Buffer.from(Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join(""));

it("passes on a file that is not compressed, whatever its size", async () => {
  expect(await read(content, 10)).toEqual({ whole: true, text: content.toString() });
  expect(await read(Buffer.alloc(0))).toEqual({ whole: true, text: "" });
});

it("unpacks gzip, of several parts too", async () => {
  expect(await read(Buffer.concat([gzipSync(content), gzipSync("more")]))).toEqual({
    whole: true,
    text: `${content.toString()}more`,
  });
});

it("gives what there is of one that is cut short or damaged", async () => {
  const packed = gzipSync(content);
  const { whole, text } = await read(packed.subarray(0, packed.length / 2));
  expect(whole).toBe(false);
  expect(text.length).toBeGreaterThan(content.length / 4);
  expect(content.toString().startsWith(text)).toBe(true);
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, packed.length / 2, packed.length / 2 + 50);
  expect((await read(damaged)).whole).toBe(false);
});

it("refuses a bomb, and goes no further", async () => {
  const path = join(scratch(), "bomb");
  writeFileSync(path, gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  let passed = 0;
  const to = (piece: Uint8Array): void => {
    passed += piece.length;
  };
  const unpacking = unpack(path, { to, most: 1_000_000 });
  await expect(unpacking).rejects.toThrow(/unpacks to more than 1000000 bytes/);
  expect(passed).toBeLessThanOrEqual(1_000_000);
});

it("lets through what whoever takes the bytes throws", async () => {
  const path = join(scratch(), "file");
  writeFileSync(path, gzipSync(content));
  const to = () => {
    throw new Error("full");
  };
  await expect(unpack(path, { to })).rejects.toThrow("full");
});
