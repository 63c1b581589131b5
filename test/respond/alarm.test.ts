import { describe, expect, test } from "vitest";
import type { Confidence, Flag, Level } from "../../src/core/flag.js";
import { micros, type SessionId, seq } from "../../src/core/units.js";
import { Alarm } from "../../src/respond/alarm.js";

const flag = (level: Level, confidence: Confidence, second = 0, id = "f"): Flag => ({
  id,
  session: "11111111-1111-4111-8111-111111111111" as SessionId,
  rule: { id: "r", title: "t", level, tags: [], sentence: "s" },
  at: micros(0),
  confidence,
  evidence: [
    { source: "screen", at: micros(second * 1_000_000), seq: seq(1), summary: "", fields: {}, confidence },
  ],
});

describe("which flags call the person", () => {
  test.each([
    ["informational", "confirmed", false],
    ["low", "confirmed", false],
    ["medium", "confirmed", false],
    ["high", "seen", false],
    ["high", "requested", true],
    ["high", "confirmed", true],
    ["critical", "seen", false],
    ["critical", "requested", true],
    ["critical", "confirmed", true],
  ] as const)("%s, %s: %s", (level, confidence, rings) => {
    expect(new Alarm().rings(flag(level, confidence))).toBe(rings);
  });

  test("a flag that was only seen calls when more is known of it, and then no more", () => {
    const alarm = new Alarm();
    const rings = (["seen", "requested", "confirmed", "confirmed"] as const).map((confidence, n) =>
      alarm.rings(flag("high", confidence, n)),
    );
    expect(rings).toEqual([false, true, false, false]);
  });

  test("a critical one that happens long after it was asked for calls again, once", () => {
    const alarm = new Alarm();
    expect(alarm.rings(flag("critical", "requested", 0))).toBe(true);
    expect(alarm.rings(flag("critical", "requested", 50))).toBe(false);
    expect(alarm.rings(flag("critical", "confirmed", 90))).toBe(true);
    expect(alarm.rings(flag("critical", "confirmed", 200))).toBe(false);
    expect(alarm.rings(flag("critical", "requested", 0, "g"))).toBe(true);
    expect(alarm.rings(flag("critical", "confirmed", 1, "g"))).toBe(false);
  });
});
