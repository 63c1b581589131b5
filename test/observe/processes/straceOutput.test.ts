import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { StraceOutput } from "../../../src/observe/processes/straceOutput.js";

describe("strace's output", () => {
  it("hands on what comes, and says when strace has ended", async () => {
    const output = await StraceOutput.create();
    const strace = openSync(output.path, "w");
    const read = new Promise<string>((resolve) => {
      let text = "";
      output.read(
        (bytes) => {
          text += Buffer.from(bytes).toString();
          if (text === "one\n") closeSync(strace);
        },
        () => resolve(text),
      );
    });
    writeSync(strace, "one\n");
    expect(await read).toBe("one\n");
    expect(existsSync(output.path)).toBe(false);
  });

  it("does not wait for a strace that has just ended when it is left to be drained", async () => {
    const output = await StraceOutput.create();
    const strace = openSync(output.path, "w");
    await new Promise<void>((resolve) => {
      output.read(
        () => {
          closeSync(strace);
          output.leaveDrain();
          resolve();
        },
        () => {},
      );
      writeSync(strace, "one\n");
    });
    output.close();
  });
});
