/** A wall-clock time (microseconds since 1970) in the reviewer's own time zone, to the minute: `2026-11-24 14:03`. */
export function dayText(at: number): string {
  const date = new Date(at / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
