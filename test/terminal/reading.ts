import { micros, seq } from "../../src/core/units.js";
import { createScreenReader } from "../../src/terminal/screenReader.js";

/** The texts that a reader tells for these frames, each given as text or as a pause in milliseconds. */
export function read(frames: readonly (string | Uint8Array | number)[], cols = 80, rows = 24): string[] {
  const reader = createScreenReader(cols, rows);
  const texts: string[] = [];
  let at = 0;
  let number = 0;
  for (const frame of frames) {
    if (typeof frame === "number") {
      at += frame * 1000;
      continue;
    }
    const data = typeof frame === "string" ? Buffer.from(frame) : frame;
    for (const { text } of reader.write(data, micros(at), seq(number++))) texts.push(text);
  }
  for (const { text } of reader.settle()) texts.push(text);
  return texts;
}
