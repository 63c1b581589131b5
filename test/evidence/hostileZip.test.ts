import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleProblemText } from "../../src/evidence/bundleProblemText.js";
import { verifyBundle } from "../../src/evidence/verify/verifyBundle.js";
import { writeZip, type ZipEntry } from "../../src/evidence/zip/writeZip.js";
import { scratch } from "../recording/support.js";

const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

async function zip(names: readonly string[]): Promise<Buffer> {
  const entries: ZipEntry[] = names.map((name) => ({
    name,
    content: [Buffer.from(name.endsWith("bagit.txt") ? DECLARATION : "content")],
  }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeZip(entries, 6)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function problemsOf(bytes: Buffer): Promise<string> {
  const dir = scratch();
  const inside = join(dir, "inside");
  const path = join(dir, "case.zip");
  writeFileSync(path, bytes);
  const report = await verifyBundle(path);
  expect(report.outcome).toBe("altered");
  expect(readdirSync(dir)).toEqual(["case.zip"]);
  expect(existsSync(inside)).toBe(false);
  return report.problems.map(bundleProblemText).join("\n");
}

/** Where the nth record of the zip's directory begins. */
function record(bytes: Buffer, n: number): number {
  let at = bytes.readUInt32LE(bytes.length - 6);
  for (let i = 0; i < n; i++)
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  return at;
}

describe("a hostile zip is refused in a sentence", () => {
  it.each(["../../evil", "bag/../../evil", "/etc/evil", "C:\\evil", "bag\\..\\evil", "~/evil", "bag//evil"])(
    "when a path leads out: %s",
    async (name) => {
      expect(await problemsOf(await zip(["bag/bagit.txt", name]))).toContain("would lie outside");
    },
  );

  it("when a file is a link", async () => {
    const bytes = await zip(["bag/bagit.txt", "bag/data/link"]);
    bytes.writeUInt32LE(0o120777 * 0x10000, record(bytes, 1) + 38);
    expect(await problemsOf(bytes)).toContain("bag/data/link is a link".replace("bag/", ""));
  });

  it("when a name is there twice, also in another case", async () => {
    expect(await problemsOf(await zip(["bag/bagit.txt", "bag/data/a", "bag/data/a"]))).toContain(
      "more than once",
    );
    expect(await problemsOf(await zip(["bag/bagit.txt", "bag/data/a", "bag/data/A"]))).toContain(
      "more than once",
    );
  });

  it("when it says that it unpacks to far more than it is", async () => {
    const bytes = await zip(["bag/bagit.txt", "bag/data/bomb"]);
    bytes.writeUInt32LE(0xfffffff0, record(bytes, 1) + 24);
    expect(await problemsOf(bytes)).toContain("zip bomb");
  });

  it("when a size is wrong", async () => {
    const bytes = await zip(["bagit.txt"]);
    bytes.writeUInt32LE(5, record(bytes, 0) + 24);
    expect(await problemsOf(bytes)).not.toBe("");
  });

  it("when the two headers of a file have different names", async () => {
    const bytes = await zip(["bag/bagit.txt", "bag/data/real"]);
    bytes.write("fake", bytes.indexOf("bag/data/real") + 9);
    expect(await problemsOf(bytes)).toContain("described in two ways");
  });

  it("when files overlap", async () => {
    const bytes = await zip(["bag/bagit.txt", "bag/data/a", "bag/data/b"]);
    const a = record(bytes, 1);
    bytes.writeUInt32LE(bytes.readUInt32LE(a + 42), record(bytes, 2) + 42);
    expect(await problemsOf(bytes)).toMatch(/described in two ways|overlaps/);
  });

  it("when bytes stand in front of it, behind it, or the directory hides files", async () => {
    const good = await zip(["bag/bagit.txt", "bag/data/a"]);
    expect(await problemsOf(Buffer.concat([Buffer.from("MZ something"), good]))).not.toBe("");
    expect(await problemsOf(Buffer.concat([good, Buffer.from("more")]))).not.toBe("");
    const hidden = Buffer.from(good);
    hidden.writeUInt16LE(1, hidden.length - 14);
    hidden.writeUInt16LE(1, hidden.length - 12);
    expect(await problemsOf(hidden)).toContain("belong to no file");
  });

  it("when its zip64 end leads nowhere", async () => {
    const good = await zip(["bag/bagit.txt"]);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(2n ** 60n, 8);
    const bytes = Buffer.concat([good.subarray(0, -22), locator, good.subarray(-22)]);
    expect(await problemsOf(bytes)).toContain("can't be read");
  });

  it("when it is cut off anywhere, or is no zip at all", async () => {
    const good = await zip(["bag/bagit.txt", "bag/data/a"]);
    for (let length = 0; length < good.length; length += 7)
      expect(await problemsOf(good.subarray(0, length))).not.toBe("");
    expect(await problemsOf(Buffer.from("nothing of the kind"))).toContain("can't be read");
  });
});
