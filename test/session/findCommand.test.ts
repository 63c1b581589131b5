import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findCommand } from "../../src/session/findCommand.js";

const dir = mkdtempSync(join(tmpdir(), "bodycam-test-"));
mkdirSync(join(dir, "a/tool"), { recursive: true });
mkdirSync(join(dir, "b"));
writeFileSync(join(dir, "b/tool"), "#!/bin/sh\n");
chmodSync(join(dir, "b/tool"), 0o755);
writeFileSync(join(dir, "b/notes"), "");
afterAll(() => rmSync(dir, { recursive: true }));

const PATH = `${dir}/a:${dir}/b`;

describe("a command's file", () => {
  it("is the first on the PATH that can be run; a directory is not", () => {
    expect(findCommand("tool", { PATH }, "/")).toBe(join(dir, "b/tool"));
  });

  it("is found relative to the working directory when its name has a slash", () => {
    expect(findCommand("./tool", {}, join(dir, "b"))).toBe(join(dir, "b/tool"));
  });

  it("is not found, or not runnable, and that is told apart", () => {
    expect(() => findCommand("nothing", { PATH }, "/")).toThrow(
      expect.objectContaining({ code: "command-not-found" }),
    );
    expect(() => findCommand("", { PATH }, "/")).toThrow(
      expect.objectContaining({ code: expect.stringContaining("command-not") }),
    );
    const refused =
      process.getuid?.() === 0 ? "command-not-runnable" : expect.stringContaining("command-not");
    expect(() => findCommand("notes", { PATH }, "/")).toThrow(expect.objectContaining({ code: refused }));
  });
});
