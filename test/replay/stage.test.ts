import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arraySource } from "../../src/replay/eventSource.js";
import { Stage } from "../../src/replay/stage.js";
import { layOut } from "../../src/replay/timeline.js";
import { picture } from "./pictures.js";
import { session, steps } from "./sessions.js";

describe("the stage", () => {
  it("shows the same screen at a place whichever way it was reached", () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(fc.nat(30), fc.nat(20)), { minLength: 1, maxLength: 8 }),
        (all, places) => {
          const source = arraySource(session(all));
          const timeline = layOut(source);
          const stage = new Stage(timeline, source);
          for (const [event, bytes] of places) {
            stage.goTo({ event, bytes });
            const straight = new Stage(timeline, source);
            for (let i = 0; i <= event; i++) straight.goTo({ event: i, bytes: 0 });
            straight.goTo({ event, bytes });
            expect(picture(stage.screen)).toEqual(picture(straight.screen));
            expect(stage.place).toEqual(straight.place);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("goes back and forth over kept screens in a long session", () => {
    const lines = Array.from({ length: 40 }, (_, i): [number, string] => [
      10,
      `${`line ${i} `.repeat(2500)}\r\n`,
    ]);
    const source = arraySource(session(lines, 80, 24));
    const timeline = layOut(source);
    const stage = new Stage(timeline, source);
    const seen = new Map<number, string>();
    for (let event = 0; event < timeline.index.count; event++) {
      stage.goTo({ event, bytes: 0 });
      seen.set(event, stage.screen.text());
    }
    for (const event of [40, 3, 39, 12, 0, 25, 24, 26, 41, 1]) {
      stage.goTo({ event, bytes: 0 });
      expect(stage.screen.text()).toBe(seen.get(event));
    }
  });
});
