import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/core/observation.js";
import { micros } from "../../src/core/units.js";
import { decodeBody } from "../../src/recording/decode.js";
import { encodeBody } from "../../src/recording/frame.js";
import { KIND, MAX_PAYLOAD } from "../../src/recording/layout.js";

const exec = (argv: readonly string[]): Observation => ({
  source: "process",
  fact: { what: "exec", pid: 7, ppid: 6, image: "/usr/bin/cp", argv, cwd: "/tmp" },
});

describe("the frame of an observation", () => {
  it("is cut to what a frame holds, and says what is missing", () => {
    const many = exec(Array.from({ length: 700_000 }, () => "x"));
    const { code, payload } = encodeBody({ kind: "observation", observation: many, happened: micros(5) });
    expect(payload.length).toBeLessThanOrEqual(MAX_PAYLOAD);
    const again = decodeBody(code, payload);
    const argv =
      again.kind === "observation" && again.observation.source === "process" && again.observation.fact;
    expect(argv).toMatchObject({ pid: 7, argv: expect.arrayContaining(["x"]) });
    expect(argv && argv.what === "exec" && argv.argv.at(-1)).toMatch(/^… \d+ more$/);
  });

  it("holds one argument that is longer than a frame", () => {
    const long = encodeBody({ kind: "observation", observation: exec(["\u0001".repeat(2_000_000)]) });
    expect(long.payload.length).toBeLessThanOrEqual(MAX_PAYLOAD);
    expect(decodeBody(long.code, long.payload)).toMatchObject({
      observation: { fact: { argv: [expect.stringMatching(/…$/)] } },
    });
  });

  it("of a sort that a later version writes is kept as it is", () => {
    const payload = Buffer.from('{"source":"process","fact":{"what":"teleport","pid":1}}');
    expect(decodeBody(KIND.observation, payload)).toEqual({
      kind: "unknown",
      code: KIND.observation,
      data: payload,
    });
  });
});
