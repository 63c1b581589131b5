import type { ByteWindow } from "./window.js";

const STEP = 1024 * 1024;

/**
 * Where something starts again that begins with `magic` and that `accept` takes, from `from` on; the size of the
 * file when there is none. `accept` gets bytes in which `length` of them stand at the given place. Each byte is
 * looked at once, so that a file made of magics takes no longer than any other.
 */
export function findAgain(
  window: ByteWindow,
  from: number,
  magic: Uint8Array,
  length: number,
  accept: (bytes: Buffer, at: number) => boolean,
): number {
  for (let base = from; window.size - base >= length; base += STEP) {
    const bytes = window.read(base, STEP + length);
    for (let hit = bytes.indexOf(magic); hit >= 0 && hit < STEP; hit = bytes.indexOf(magic, hit + 1)) {
      if (hit + length <= bytes.length && accept(bytes, hit)) return base + hit;
    }
  }
  return window.size;
}
