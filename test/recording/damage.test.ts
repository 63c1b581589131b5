import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BodycamError } from "../../src/core/errors.js";
import type { SessionEvent } from "../../src/core/event.js";
import { packRecording } from "../../src/recording/pack.js";
import { problemText } from "../../src/recording/problems.js";
import { openRecording } from "../../src/recording/reader.js";
import { type VerifyReport, verifyRecording } from "../../src/recording/verify.js";
import { readAll, record, scratch } from "./support.js";

interface Sample {
  readonly path: string;
  readonly bytes: Buffer;
  readonly events: readonly SessionEvent[];
}

/** A small recording of several blocks in the wanted form, and the events that are in it. */
async function sample(form: "plain" | "packed"): Promise<Sample> {
  const path = join(scratch(), "recording.bodycam");
  const bodies = [1, 2, 3].flatMap((n) => [
    { kind: "output" as const, data: Buffer.from(`line ${n}\r\n`.repeat(4)) },
    { kind: "input" as const, data: Uint8Array.of(n) },
  ]);
  await record(path, bodies, { blocks: true });
  const { events } = readAll(path);
  if (form === "packed") await packRecording(path, path);
  return { path, bytes: readFileSync(path), events };
}

/** Puts `bytes` where the sample was and looks at it in every way; none may fail in an unforeseen one. */
async function look({ path, events }: Sample, bytes: Uint8Array): Promise<VerifyReport> {
  writeFileSync(path, bytes);
  const report = await verifyRecording(path);
  for (const problem of report.problems) expect(problemText(problem)).toMatch(/^[A-Z].*\.$/);
  expect(report.outcome === "intact").toBe(report.problems.length === 0);
  const read = readSafely(path);
  // What is read before the first damage may be damaged itself (only verify can tell), but nothing is made up.
  expect(read.length).toBeLessThanOrEqual(events.length);
  return report;
}

function readSafely(path: string): SessionEvent[] {
  try {
    const recording = openRecording(path);
    try {
      return [...recording.events()];
    } finally {
      recording.close();
    }
  } catch (error) {
    if (error instanceof BodycamError) return [];
    throw error;
  }
}

describe.each(["plain", "packed"] as const)("a %s recording", (form) => {
  test("is altered when any byte of it is flipped", async () => {
    const whole = await sample(form);
    for (let at = 0; at < whole.bytes.length; at++) {
      const bytes = Buffer.from(whole.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const report = await look(whole, bytes);
      expect({ at, outcome: report.outcome }).toEqual({ at, outcome: "altered" });
    }
  });

  test("is never intact when it is cut, and what was before is still read", async () => {
    const whole = await sample(form);
    for (let length = 0; length < whole.bytes.length; length++) {
      const report = await look(whole, whole.bytes.subarray(0, length));
      const expected = length < 72 ? "altered" : "incomplete";
      expect({ length, outcome: report.outcome }).toEqual({ length, outcome: expected });
      const read = readSafely(whole.path);
      expect(read).toEqual(whole.events.slice(0, read.length));
    }
  });

  test("is altered when a byte is put in, and not intact without one", async () => {
    const whole = await sample(form);
    const { bytes } = whole;
    for (let at = 0; at <= bytes.length; at += 5) {
      const more = Buffer.concat([bytes.subarray(0, at), Buffer.of(0x42), bytes.subarray(at)]);
      expect({ at, outcome: (await look(whole, more)).outcome }).toEqual({ at, outcome: "altered" });
    }
    for (let at = 0; at < bytes.length - 1; at += 5) {
      const fewer = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      expect({ at, intact: (await look(whole, fewer)).outcome === "intact" }).toEqual({ at, intact: false });
    }
  });

  test("is not intact when its end is overwritten with zeros", async () => {
    const whole = await sample(form);
    for (let from = 0; from < whole.bytes.length; from += 3) {
      const bytes = Buffer.from(whole.bytes).fill(0, from);
      if (bytes.equals(whole.bytes)) continue;
      expect((await look(whole, bytes)).outcome).not.toBe("intact");
    }
  });
});

test("every damaged place of a plain recording is reported, and what lies between is good", async () => {
  const whole = await sample("plain");
  const bytes = Buffer.from(whole.bytes);
  for (const text of ["line 2", "line 3"]) bytes[bytes.indexOf(text)] = 0x58;
  const report = await look(whole, bytes);
  const found = report.problems.map((problem) => [
    problem.kind,
    "block" in problem ? problem.block : undefined,
  ]);
  expect(found).toEqual([
    ["frame-damaged", 3],
    ["chain-broken", 3],
    ["frame-damaged", 5],
    ["chain-broken", 5],
  ]);
  expect(report.frames).toBe(whole.events.length);
  const { events, stop } = readAll(whole.path);
  expect(stop?.kind).toBe("frame-damaged");
  expect(events).toEqual(whole.events.slice(0, 3));
});

test("a damaged segment of a packed recording costs that segment and no other", async () => {
  const path = join(scratch(), "recording.bodycam");
  const data = randomBytes(10_000_000);
  await record(path, [{ kind: "output", data }]);
  await packRecording(path, path);
  const bytes = readFileSync(path);
  const second = bytes.indexOf("SGMT", bytes.indexOf("SGMT") + 1);
  bytes[second + 1000] = (bytes[second + 1000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const report = await verifyRecording(path);
  expect(report.problems).toEqual([
    { kind: "segment-damaged", offset: second, segment: 1, what: "checksum" },
  ]);
  expect(readAll(path).stop).toEqual(report.problems[0]);
});

test("what is taken out of the middle is missed", async () => {
  const whole = await sample("plain");
  const starts = [...whole.bytes.toString("latin1").matchAll(/BLCK/g)].map((match) => match.index);
  const bytes = Buffer.concat([whole.bytes.subarray(0, starts[2]), whole.bytes.subarray(starts[3])]);
  const { problems } = await look(whole, bytes);
  expect(problems.map((problem) => problem.kind)).toEqual(["block-out-of-place", "chain-broken"]);
});

test("a recording that another key signed again is told by its signer, one without a signature by its seals", async () => {
  const mine = await sample("plain");
  const other = await sample("plain");
  const [first, second] = [await look(mine, mine.bytes), await look(other, other.bytes)];
  expect(first.signer.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  expect(second.signer.fingerprint).not.toBe(first.signer.fingerprint);
  // The header of one before the blocks of the other.
  const mixed = Buffer.concat([other.bytes.subarray(0, 72), mine.bytes.subarray(72)]);
  const kinds = (await look(mine, mixed)).problems.map((problem) => problem.kind);
  expect(kinds.filter((kind) => kind === "chain-broken")).toHaveLength(1);
  expect(kinds.filter((kind) => kind === "seal-wrong")).toHaveLength(first.blocks);
});

test("hostile bytes of any kind are judged without a crash", async () => {
  const plain = await sample("plain");
  const packed = await sample("packed");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(plain, packed), anyDamage, async (whole, damage) => {
      const bytes = Buffer.from(whole.bytes);
      for (const { at, put } of damage)
        bytes.set(put.subarray(0, bytes.length - (at % bytes.length)), at % bytes.length);
      const report = await look(whole, bytes);
      expect(report.outcome === "intact").toBe(bytes.equals(whole.bytes));
    }),
    { numRuns: 500 },
  );
});

const anyDamage = fc.array(
  fc.record({
    at: fc.nat(),
    put: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.constant(Buffer.from("BLCK")),
      fc.constant(Buffer.from("SGMT")),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
