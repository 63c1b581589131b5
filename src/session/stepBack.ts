import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** The terminal comes first: what works beside it steps back behind the camera and the agent. */
const NICE = 10;
/** V8 starts these before anything else, so theirs are the lowest numbers behind the main thread's: a timer and four workers. */
const V8_THREADS = 5;
/** What newer versions of Node call them. */
const V8_NAMES = /^(?:V8Worker|DelayedTaskSche)/;

/**
 * Lowers the priority of the calling thread, and of those that compile and collect garbage for it: they belong to the
 * whole process, and would otherwise take the core that a key's echo needs just then. Linux counts niceness by thread
 * (sched(7)), and knows a thread by the name of its directory; elsewhere nothing happens.
 */
export function stepBack(): void {
  if (process.platform !== "linux") return;
  try {
    const own = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    for (const thread of new Set([own, ...v8Threads()])) setPriority(thread, NICE);
  } catch {
    // Then they run like the rest.
  }
}

function v8Threads(): readonly number[] {
  const others = readdirSync("/proc/self/task")
    .map(Number)
    .filter((thread) => thread !== process.pid)
    .sort((a, b) => a - b);
  const named = others.filter((thread) =>
    V8_NAMES.test(readFileSync(`/proc/self/task/${thread}/comm`, "utf8")),
  );
  return named.length > 0 ? named : others.slice(0, V8_THREADS);
}
