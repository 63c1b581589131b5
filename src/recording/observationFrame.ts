import type { Observation } from "../core/observation.js";
import type { Micros } from "../core/units.js";
import { MAX_PAYLOAD } from "./layout.js";

/** Longer texts and lists than this are kept whole while the frame holds them. */
const LONG = 64 * 1024;

/**
 * The payload of an observation. A fact can be longer than a frame holds (Linux allows some megabytes of arguments):
 * then its long texts and lists are cut, and say so.
 */
export function encodeObservation(observation: Observation, happened: Micros | undefined): Buffer {
  const whole = happened === undefined ? observation : { ...observation, happened };
  let bytes = Buffer.from(JSON.stringify(whole));
  for (let most = LONG; bytes.length > MAX_PAYLOAD; most = Math.floor(most / 2))
    bytes = Buffer.from(JSON.stringify(whole, (_, value: unknown) => cut(value, most)));
  return bytes;
}

function cut(value: unknown, most: number): unknown {
  if (typeof value === "string") return value.length > most ? `${value.slice(0, most)}…` : value;
  if (Array.isArray(value) && value.length > most)
    return [...value.slice(0, most), `… ${value.length - most} more`];
  return value;
}
