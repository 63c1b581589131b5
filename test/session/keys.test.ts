import { describe, expect, it } from "vitest";
import { recordedInput } from "../../src/session/keys.js";

const bytes = Buffer.from("hunter2\r");
const line = (canonical: boolean, echo: boolean) => ({ canonical, echo, endOfFile: 4 });

describe("what the recording keeps of keys", () => {
  it("is their number at a password prompt", () => {
    expect(recordedInput(bytes, line(true, false), true)).toEqual({ kind: "masked", bytes: 8 });
  });

  it.each([
    ["at an ordinary prompt", line(true, true), true],
    ["for a full-screen program", line(false, false), true],
    ["when masking is off", line(true, false), false],
    ["when the terminal is gone", undefined, true],
  ])("is the keys %s", (_, state, mask) => {
    expect(recordedInput(bytes, state, mask)).toEqual({ kind: "input", data: bytes });
  });
});
