import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { micros } from "../../src/core/units.js";
import { packRecording } from "../../src/recording/pack.js";
import { verifyRecording } from "../../src/recording/verify.js";
import { canMount, smallDisk } from "./smallDisk.js";
import { outputOf, readAll, record, scratch, startRecording } from "./support.js";

test("a packed recording takes the plain one's place: smaller, its owner's only, with the same head", async () => {
  const path = join(scratch(), "recording.bodycam");
  await record(path, [{ kind: "output", data: Buffer.from("make: nothing to be done\r\n".repeat(20_000)) }]);
  const before = await verifyRecording(path);
  const { size } = statSync(path);
  const result = await packRecording(path, path);
  expect(result).toEqual({ packed: true, bytesBefore: size, bytesAfter: statSync(path).size });
  const after = await verifyRecording(path);
  expect(after.form).toBe("packed");
  expect(after.head).toEqual(before.head);
  expect(statSync(path).size).toBeLessThan(size / 100);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["recording.bodycam"]);
});

test("a packed recording stays as it is", async () => {
  const path = join(scratch(), "recording.bodycam");
  await record(path, []);
  await packRecording(path, path);
  const bytes = readFileSync(path);
  expect(await packRecording(path, path)).toEqual({
    packed: true,
    bytesBefore: bytes.length,
    bytesAfter: bytes.length,
  });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("a big recording becomes several segments, told on the way, and reads the same", async () => {
  const path = join(scratch(), "recording.bodycam");
  const packed = join(dirname(path), "packed.bodycam");
  const data = Buffer.concat([
    randomBytes(7_000_000),
    Buffer.from("text without that byte\n".repeat(300_000)),
  ]);
  await record(path, [{ kind: "output", data }]);
  const progress: number[] = [];
  await packRecording(path, packed, { onProgress: (done) => progress.push(done) });
  expect(progress.length).toBeGreaterThan(2);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(statSync(path).size);
  const { events, stop } = readAll(packed);
  expect(stop).toBeUndefined();
  expect(outputOf(events).equals(data)).toBe(true);
  expect((await verifyRecording(packed)).problems).toEqual([]);
});

test("a descriptor of the recording will do, whatever has become of its name", async () => {
  const path = join(scratch(), "recording.bodycam");
  const writer = startRecording(path);
  writer.appendOutput(Buffer.from("what was shown"));
  const { head } = await writer.end({ by: "exit", code: 0 });
  writeFileSync(path, "somebody else's");
  expect((await packRecording(writer.source, path)).packed).toBe(true);
  const report = await verifyRecording(path);
  expect(report.outcome).toBe("intact");
  expect(Buffer.from(report.head).equals(head)).toBe(true);
});

describe("is left alone and told why", () => {
  test("a recording without an end", async () => {
    const path = join(scratch(), "recording.bodycam");
    const writer = startRecording(path);
    writer.appendOutput(Buffer.from("still running"));
    writer.emergency();
    const bytes = readFileSync(path);
    const result = await packRecording(path, path);
    expect(result).toEqual({ packed: false, problem: { kind: "no-end", offset: bytes.length } });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(["recording.bodycam"]);
  });

  test("a recording that was altered", async () => {
    const path = join(scratch(), "recording.bodycam");
    await record(path, [{ kind: "output", data: Buffer.from("what was shown") }]);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf("shown")] = 0x53;
    writeFileSync(path, bytes);
    expect(await packRecording(path, path)).toMatchObject({
      packed: false,
      problem: { kind: "frame-damaged" },
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("something else", async () => {
    const path = join(scratch(), "text");
    writeFileSync(path, "text");
    expect(await packRecording(path, path)).toMatchObject({ problem: { kind: "header-damaged" } });
    await expect(packRecording(`${path}.none`, path)).rejects.toMatchObject({ code: "no-session" });
  });
});

test.skipIf(!canMount)(
  "on a full disk the plain recording stays (needs the right to mount one)",
  async () => {
    const path = join(smallDisk(3), "recording.bodycam");
    await record(path, [{ kind: "output", data: randomBytes(2_000_000) }]);
    await expect(packRecording(path, path)).rejects.toMatchObject({ code: "io", hint: expect.any(String) });
    expect((await verifyRecording(path)).outcome).toBe("intact");
    expect(readdirSync(dirname(path))).toEqual(["recording.bodycam"]);
  },
);

const hasZstd = ((): boolean => {
  try {
    execFileSync("zstd", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Numbers that look random and are the same every time. */
function dice(): (sides: number) => number {
  let state = 12345;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe.skipIf(!hasZstd)("is at most 1.1 times what zstd -6 makes of its output (needs zstd)", () => {
  async function ratio(frames: readonly { at: number; data: Buffer }[]): Promise<number> {
    const path = join(scratch(), "recording.bodycam");
    let now = 0;
    const writer = startRecording(path, { clock: { now: () => micros(now) } });
    for (const { at, data } of frames) {
      // What the writer's timer would do between two frames.
      if (at - now >= 5_000) writer.sealSoon();
      now = at;
      writer.appendOutput(data);
      await writer.drained();
    }
    await writer.end({ by: "exit", code: 0 });
    await packRecording(path, path);
    const zstd = execFileSync("zstd", ["-6", "-c"], {
      input: Buffer.concat(frames.map((frame) => frame.data)),
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["pipe", "pipe", "ignore"],
    });
    return statSync(path).size / zstd.length;
  }

  test("a program that draws its screen, with times that vary", async () => {
    const roll = dice();
    const words = readFileSync(new URL("../../docs/format.md", import.meta.url), "utf8").split(/\s+/);
    let at = 0;
    const frames = Array.from({ length: 4000 }, (_, i) => {
      at += 20_000 + roll(60_000);
      const line = Array.from({ length: 3 + roll(9) }, () => words[roll(words.length)]).join(" ");
      const row = 3 + roll(30);
      const status = `\x1b[38;5;${roll(8)}m⠋\x1b[39m Working (${Math.floor(at / 1e6)}s • ${i} tokens)`;
      const text = i % 3 === 0 ? `\x1b[${row};1H\x1b[2K\x1b[1m•\x1b[22m ${line}` : "";
      return {
        at,
        data: Buffer.from(`\x1b[?2026h\x1b[?25l${text}\x1b[38;2H${status}\x1b[K\x1b[?25h\x1b[?2026l`),
      };
    });
    expect(await ratio(frames)).toBeLessThan(1.1);
  });

  test("a flood of build output", async () => {
    const roll = dice();
    const words = readFileSync(new URL("../../docs/format.md", import.meta.url), "utf8").split(/\W+/);
    const word = (): string => words[roll(words.length)] ?? "";
    const lines = Array.from({ length: 60_000 }, (_, i) =>
      roll(4) === 0
        ? `src/${word()}/${word()}.cc:${roll(2000)}:${roll(80)}: warning: unused variable '${word()}' [-Wunused-variable]\r\n`
        : `[${String(Math.floor(i / 600)).padStart(3)}%] Building CXX object src/${word()}/${word()}_${roll(500)}.cc.o\r\n`,
    );
    const all = Buffer.from(lines.join(""));
    const frames = [];
    for (let from = 0, at = 0; from < all.length; from += 4095, at += roll(900)) {
      frames.push({ at, data: all.subarray(from, from + 4095) });
    }
    expect(await ratio(frames)).toBeLessThan(1.1);
  });
});
