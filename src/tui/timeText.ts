import type { Micros } from "../core/units.js";

/** A moment of a session as people read it: `1:02:03.4`, `2:03.4`. */
export function momentText(at: Micros): string {
  const tenths = Math.floor(at / 100_000);
  return `${clockText(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** A length of time: `1:02:03`, `2:03`. */
export const lengthText = (length: Micros): string => clockText(Math.round(length / 1_000_000));

function clockText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
