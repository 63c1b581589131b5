import { setTimeout as sleep } from "node:timers/promises";

const GLANCE_MS = 100;

/**
 * Looks until `look` gives something.
 * @throws Error that says what was waited for, and what `instead` was there, when it does not come within `limit` ms.
 */
export async function until<T>(
  what: string,
  limit: number,
  look: () => Promise<T | undefined> | T | undefined,
  instead: () => Promise<string> | string = () => "",
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s for ${what}\n${await instead()}`);
    await sleep(GLANCE_MS);
  }
}
