import { expect, test } from "vitest";
import { scopeOf } from "../../src/detection/acts/scope.js";

test.each([
  ["/home/u/p/a", "/home/u/p", "inside"],
  ["/home/u/p", "/home/u/p", "inside"],
  ["/home/u/pp/a", "/home/u/p", "outside"],
  ["~/p/a", "/home/u/p", "inside"],
  ["~/q", "/home/u/p", "outside"],
  ["~/q", "/root/p", "outside"],
  ["~/p/a", "/root/p", "inside"],
  ["/tmp/x", "/home/u/p", "temporary"],
  ["/tmp/w/x", "/tmp/w", "inside"],
  ["/tmp/v/x", "/tmp/w", "temporary"],
  ["$TMPDIR/x", "/home/u/p", "temporary"],
  ["$OTHER/x", "/home/u/p", undefined],
  ["./x", undefined, undefined],
  ["./../x", undefined, "outside"],
  ["/srv/x", undefined, "outside"],
  ["/anything", "/", "inside"],
] as const)("%s, seen from %s: %s", (path, workspace, scope) => {
  expect(scopeOf(path, workspace)).toBe(scope);
});
