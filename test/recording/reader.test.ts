import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { writeInput, writeOutput } from "../../src/recording/content.js";
import { packRecording } from "../../src/recording/pack.js";
import { openRecording } from "../../src/recording/reader.js";
import { verifyRecording } from "../../src/recording/verify.js";
import { readAll, record, SESSION, scratch } from "./support.js";

describe("a file that can't be read as a recording is told from one that can", () => {
  const hint = expect.any(String);

  test("what is no recording", async () => {
    const dir = scratch();
    const text = join(dir, "text");
    writeFileSync(text, "#!/bin/sh\n");
    for (const path of [text, dir]) {
      expect(() => openRecording(path)).toThrow(expect.objectContaining({ code: "not-a-recording", hint }));
    }
    const empty = join(dir, "empty");
    writeFileSync(empty, "");
    expect(() => openRecording(empty)).toThrow(expect.objectContaining({ code: "not-a-recording", hint }));
    expect((await verifyRecording(empty)).outcome).toBe("altered");
    expect((await verifyRecording(text)).problems).toEqual([
      { kind: "header-damaged", offset: 0, damage: "magic" },
    ]);
  });

  test("what is not there, and a pipe that nobody writes to", async () => {
    const dir = scratch();
    expect(() => openRecording(join(dir, "none"))).toThrow(
      expect.objectContaining({ code: "no-session", hint }),
    );
    const pipe = join(dir, "pipe");
    execFileSync("sh", ["-c", 'mkfifo "$0"', pipe]);
    expect(() => openRecording(pipe)).toThrow(expect.objectContaining({ code: "not-a-recording", hint }));
    await expect(verifyRecording(pipe)).rejects.toMatchObject({ code: "not-a-recording" });
  });

  test("a recording of a later version", async () => {
    const path = join(scratch(), "recording.bodycam");
    await record(path, []);
    const bytes = readFileSync(path);
    bytes.writeUInt16LE(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 68)), 68);
    writeFileSync(path, bytes);
    const later = { code: "unsupported-version", message: expect.stringContaining("2") };
    expect(() => openRecording(path)).toThrow(expect.objectContaining(later));
    await expect(verifyRecording(path)).rejects.toMatchObject(later);
  });
});

describe.each(["plain", "packed"] as const)("of a %s recording", (form) => {
  async function sample(): Promise<{ path: string; output: Buffer; input: Buffer }> {
    const path = join(scratch(), "recording.bodycam");
    const output = Buffer.concat([randomBytes(3_000_000), Buffer.from("text\n".repeat(100_000))]);
    const input = Buffer.from("typed\r");
    await record(path, [
      { kind: "output", data: output.subarray(0, 1000) },
      { kind: "input", data: input },
      { kind: "masked", bytes: 5 },
      { kind: "output", data: output.subarray(1000) },
    ]);
    if (form === "packed") await packRecording(path, path);
    return { path, output, input };
  }

  test("the output and the input come back byte for byte, to a function or a descriptor", async () => {
    const { path, output, input } = await sample();
    const recording = openRecording(path);
    const pieces: Uint8Array[] = [];
    expect(await writeOutput(recording, (piece) => void pieces.push(piece))).toBe(output.length);
    expect(Buffer.concat(pieces).equals(output)).toBe(true);
    const copy = join(scratch(), "copy");
    const fd = openSync(copy, "w");
    expect(await writeInput(recording, fd)).toBe(input.length);
    closeSync(fd);
    expect(readFileSync(copy).equals(input)).toBe(true);
    expect(recording.stop).toBeUndefined();
    recording.close();
  });

  test("the header says what it is, and events can be gone through again", async () => {
    const { path } = await sample();
    const recording = openRecording(path);
    expect(recording.form).toBe(form);
    expect(recording.header.session).toBe(SESSION);
    expect(recording.header.startedAt).toBe(1_700_000_000_000_000);
    expect([...recording.events()].length).toBe([...recording.events()].length);
    recording.close();
  });
});

test("a power failure's zeros at the end count as the end of what was written", async () => {
  const path = join(scratch(), "recording.bodycam");
  await record(path, [{ kind: "output", data: randomBytes(40_000) }], { blocks: true });
  const whole = readFileSync(path);
  const { events } = readAll(path);
  // The file has its full length, but from some sector on its data never came to the disk.
  for (let sector = 512; sector < whole.length; sector += 512) {
    writeFileSync(path, Buffer.from(whole).fill(0, sector));
    expect((await verifyRecording(path)).outcome).toBe("incomplete");
    const read = readAll(path);
    expect(["torn", "zeros"]).toContain(read.stop?.kind);
    expect(read.events).toEqual(events.slice(0, read.events.length));
  }
  truncateSync(path, 0);
  writeFileSync(path, Buffer.concat([whole, Buffer.alloc(4096)]));
  expect((await verifyRecording(path)).problems).toEqual([
    { kind: "after-end", offset: whole.length, bytes: 4096 },
  ]);
});
