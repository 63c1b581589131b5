import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openRecording } from "../../src/recording/reader.js";
import { verifyRecording } from "../../src/recording/verify.js";

// Recordings of every version ever written, and what must be read from them for ever. See test/vectors/README.md.
const VECTORS = fileURLToPath(new URL("../vectors/", import.meta.url));
const names = readdirSync(VECTORS).flatMap((name) => (name.endsWith(".bodycam") ? [name.slice(0, -8)] : []));

/** `value` as JSON has it, bytes in base64. */
function toJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      inner instanceof Uint8Array ? Buffer.from(inner).toString("base64") : inner,
    ),
  );
}

test("there are vectors of both forms", () => {
  expect(names).toEqual(expect.arrayContaining(["v1-plain", "v1-packed"]));
});

test.each(names)("%s", async (name) => {
  const wanted: unknown = JSON.parse(readFileSync(join(VECTORS, `${name}.json`), "utf8"));
  const path = join(VECTORS, `${name}.bodycam`);
  const { head, ...facts } = await verifyRecording(path);
  const recording = openRecording(path);
  const events = toJson([...recording.events()]);
  const stop = toJson(recording.stop ?? null);
  recording.close();
  expect({ verify: { ...facts, head: Buffer.from(head).toString("hex") }, stop, events }).toEqual(wanted);
});

test("both forms of a recording tell the same", () => {
  for (const kind of ["v1", "v1-binary", "v1-observed"]) {
    const [plain, packed] = ["plain", "packed"].map((form) =>
      JSON.parse(readFileSync(join(VECTORS, `${kind}-${form}.json`), "utf8")),
    );
    expect(packed.events).toEqual(plain.events);
    expect(packed.verify.head).toBe(plain.verify.head);
  }
});
