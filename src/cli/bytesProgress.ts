import { bytesText } from "./units.js";

const SHOW_AFTER_MS = 300;
const EVERY_MS = 100;

/** A line on stderr for long work that is measured in bytes. Shown only on a terminal, and only when it takes a moment. */
export interface BytesProgress {
  /** What is at work now. */
  now(what: string): void;
  add(bytes: number): void;
  /** The same pieces, counted. */
  counting(content: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void>;
  end(): void;
}

export function bytesProgress(title: string): BytesProgress {
  const started = Date.now();
  let [what, bytes, last, shown] = ["", 0, started, false];
  const show = (): void => {
    const time = Date.now();
    if (!process.stderr.isTTY || time - started < SHOW_AFTER_MS || time - last < EVERY_MS) return;
    last = time;
    shown = true;
    process.stderr.write(`\r\x1b[Kbodycam: ${title}: ${bytesText(bytes)}${what === "" ? "" : `, ${what}`}`);
  };
  const add = (count: number): void => {
    bytes += count;
    show();
  };
  return {
    now: (name) => {
      what = name;
      show();
    },
    add,
    counting: async function* (content) {
      for await (const piece of content) {
        add(piece.length);
        yield piece;
      }
    },
    end: () => {
      if (shown) process.stderr.write("\r\x1b[K");
    },
  };
}
