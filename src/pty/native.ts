import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { TerminalSize } from "../core/event.js";

/** A terminal's modes (struct termios), kept as the system gave them. */
export type TerminalModes = Uint8Array & { readonly unit: "termios" };

/** `native/terminal.c`: numbers are 0 or more for success and -errno for failure. */
interface Native {
  read(fd: number, into: Uint8Array, offset: number, length: number): number;
  write(fd: number, from: Uint8Array, offset: number, length: number): number;
  duplicate(fd: number): number;
  keepFromChildren(fd: number): number;
  modes(fd: number): TerminalModes | undefined;
  setModes(fd: number, modes: TerminalModes): number;
  rawModes(modes: TerminalModes): TerminalModes;
  lineState(fd: number): number;
  size(fd: number): readonly [number, number, number, number] | undefined;
  setSize(fd: number, cols: number, rows: number, xpixel: number, ypixel: number): number;
  hasStopped(pid: number): number;
  waiting(fd: number, milliseconds: number): number;
  makePipe(path: string): number;
}

// The same relative place from src/pty (tests) and from dist/pty (the product).
const place = new URL("../../src/pty/native/build/Release/", import.meta.url);

export const native = createRequire(import.meta.url)(
  fileURLToPath(new URL("terminal.node", place)),
) as Native;

/** The programs of `native/`: see launch.c and guard.c. */
export const launcher = fileURLToPath(new URL("launch", place));
export const guardian = fileURLToPath(new URL("guard", place));

/** A terminal's size, or undefined when `fd` is no terminal. */
export function sizeOf(fd: number): TerminalSize | undefined {
  const size = native.size(fd);
  if (size === undefined) return undefined;
  const [cols, rows, xpixel, ypixel] = size;
  return { cols, rows, xpixel, ypixel };
}

/** How a terminal treats what is typed at it. */
export interface LineState {
  /** Whole lines are handed over, and can be edited before. */
  readonly canonical: boolean;
  readonly echo: boolean;
  /** The key that ends the input in canonical mode (Ctrl-D). */
  readonly endOfFile: number;
}

/** The line state of the terminal behind `fd`, or undefined when there is none any more. */
export function lineStateOf(fd: number): LineState | undefined {
  const state = native.lineState(fd);
  if (state < 0) return undefined;
  return { canonical: (state & 1) !== 0, echo: (state & 2) !== 0, endOfFile: state >> 8 };
}

export const hex = (modes: TerminalModes): string => Buffer.from(modes).toString("hex");
