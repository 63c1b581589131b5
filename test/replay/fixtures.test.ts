import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { arraySource } from "../../src/replay/eventSource.js";
import { Stage } from "../../src/replay/stage.js";
import { layOut } from "../../src/replay/timeline.js";
import { picture, straight } from "./pictures.js";
import { type Step, session } from "./sessions.js";

const directory = new URL("../../../shared/data/terminal/", import.meta.url);
const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(".in")) : [];

/** The bytes in pieces that cut through sequences and characters, and the terminal made smaller and larger between. */
function stepsOf(name: string): Step[] {
  const bytes = readFileSync(new URL(name, directory)).toString("latin1");
  const steps: Step[] = [];
  const piece = Math.max(7, Math.ceil(bytes.length / 40));
  for (let at = 0; at < bytes.length; at += piece) {
    steps.push([10, bytes.slice(at, at + piece)]);
    if ((at / piece) % 5 === 4) steps.push([10, (at / piece) % 2 === 0 ? [61, 17] : [80, 25]]);
  }
  return steps;
}

describe.skipIf(files.length === 0)("a replay of terminal fixtures", () => {
  it.each(files)("%s shows the emulator's cells at every event, forwards and backwards", (name) => {
    const events = session(stepsOf(name), 80, 25);
    const shown = straight(events);
    const source = arraySource(events);
    const stage = new Stage(layOut(source), source);
    const order = [
      ...events.keys(),
      ...[...events.keys()].reverse(),
      ...[...events.keys()].map((i) => (i * 7) % events.length),
    ];
    for (const event of order) {
      stage.goTo({ event, bytes: 0 });
      expect(JSON.stringify(picture(stage.screen)) === shown[event], `event ${event}`).toBe(true);
    }
  });
});
