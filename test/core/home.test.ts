import { describe, expect, it } from "vitest";
import { homeOf } from "../../src/core/home.js";

describe("bodycam's home", () => {
  it.each([
    ["what BODYCAM_HOME says", { BODYCAM_HOME: "/data/cam", HOME: "/home/anna" }, "linux", "/data/cam"],
    [
      "XDG's data directory",
      { XDG_DATA_HOME: "/home/anna/data", HOME: "/home/anna" },
      "linux",
      "/home/anna/data/bodycam",
    ],
    [
      "the default, where XDG's is relative",
      { XDG_DATA_HOME: "data", HOME: "/home/anna" },
      "linux",
      "/home/anna/.local/share/bodycam",
    ],
    ["the default", { HOME: "/home/anna" }, "linux", "/home/anna/.local/share/bodycam"],
    [
      "Application Support on macOS",
      { HOME: "/Users/anna" },
      "darwin",
      "/Users/anna/Library/Application Support/bodycam",
    ],
  ] as const)("is %s", (_, env, platform, dir) => {
    expect(homeOf(env, platform).dir).toBe(dir);
  });
});
