import type { Progress } from "../session/library.js";

const SHOW_AFTER_MS = 300;

export interface ProgressLine {
  update(progress: Progress): void;
  end(): void;
}

/** A line on stderr that says how far long work is. Shown only on a terminal, and only when the work takes a moment. */
export function progressLine(what: string): ProgressLine {
  const started = Date.now();
  let shown = false;
  return {
    update({ done, total }) {
      if (!process.stderr.isTTY || Date.now() - started < SHOW_AFTER_MS) return;
      shown = true;
      process.stderr.write(`\r\x1b[Kbodycam: ${what}: ${done} of ${total}`);
    },
    end() {
      if (shown) process.stderr.write("\r\x1b[K");
    },
  };
}
