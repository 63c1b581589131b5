import { type Micros, micros } from "./units.js";

/** Tells the time since a session began. Injected, so that nothing below the shells owns a clock. */
export interface Clock {
  now(): Micros;
}

/** A clock on the machine's monotonic time, starting at 0 now. */
export function startClock(): Clock {
  const zero = process.hrtime.bigint();
  return { now: () => micros(Number((process.hrtime.bigint() - zero) / 1000n)) };
}
