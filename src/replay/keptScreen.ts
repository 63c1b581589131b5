import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Screen } from "../terminal/screen.js";
import { decodeSnapshot, encodeSnapshot } from "../terminal/snapshotCodec.js";

/** The largest that the bytes of a screen may be: 1,000 × 2,100 cells on two buffers. */
const LARGEST = 64 * 1024 * 1024;
/** Fast: screens shrink to a twentieth at any level. */
const LEVEL = 1;

/**
 * A screen as compressed bytes. Undefined when it can't be kept now (in the middle of a control sequence), and when
 * what comes back out of the bytes is not the same screen, down to everything that its next output can depend on.
 */
export function packScreen(screen: Screen): Buffer | undefined {
  const snapshot = screen.snapshot();
  if (snapshot === undefined) return undefined;
  const bytes = encodeSnapshot(snapshot);
  const decoded = decodeSnapshot(bytes);
  const again = decoded === undefined ? undefined : Screen.from(decoded).snapshot();
  if (again === undefined || !encodeSnapshot(again).equals(bytes)) return undefined;
  return deflateRawSync(bytes, { level: LEVEL });
}

/** The screen in such bytes; undefined when they are not as they should be. */
export function unpackScreen(bytes: Uint8Array): Screen | undefined {
  try {
    const snapshot = decodeSnapshot(inflateRawSync(bytes, { maxOutputLength: LARGEST }));
    return snapshot === undefined ? undefined : Screen.from(snapshot);
  } catch {
    return undefined;
  }
}
