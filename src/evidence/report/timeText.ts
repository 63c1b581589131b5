/** A moment of a session: `0:41.3`, `1:02:03.0`. */
export function momentText(micros: number): string {
  const tenths = Math.floor(micros / 100_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const seconds = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  return minutes < 60
    ? `${minutes}:${seconds}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

/** A wall-clock time in UTC, so that it reads the same everywhere: `2026-11-24 14:03:07 UTC`. */
export function utcText(micros: number): string {
  const date = new Date(micros / 1000);
  return Number.isNaN(date.getTime())
    ? "unknown"
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
