const KILO = 1000;
const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;

/** `2.1 MB` */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= KILO && unit < SIZES.length - 1) {
    value /= KILO;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[unit]}`;
}

/** `0.4 s`, `12 s`, `3m 05s`, `2h 07m` */
export function durationText(micros: number): string {
  const seconds = micros / 1e6;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const whole = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}

/** A moment of a session as a player shows it: `00:41`, `1:02:03`. */
export function momentText(micros: number): string {
  const whole = Math.floor(micros / 1e6);
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}

/** A wall-clock time (microseconds since 1970) in the reader's own time zone: `2026-11-24 14:03:07`. */
export function wallText(micros: number): string {
  const date = new Date(micros / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A wall-clock time for machines: ISO 8601 in UTC, to the microsecond. */
export function isoText(micros: number): string {
  const milliseconds = Math.floor(micros / 1000);
  const rest = String(Math.floor(micros - milliseconds * 1000)).padStart(3, "0");
  return new Date(milliseconds).toISOString().replace("Z", `${rest}Z`);
}
