export const TIME_PARTS = ["minute", "hour", "day", "week", "month", "year"] as const;
export type TimePart = (typeof TIME_PARTS)[number];

const WRITTEN = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2}))?/;
const DAY = 86_400_000;

/**
 * Takes a part out of a date such as `2025-11-27T07:40:10Z`, as it is written: Sigma converts no time zones.
 * A bare number counts as seconds, milliseconds or microseconds since 1970 by its size, in UTC.
 * Undefined when the value is no date, or has no time of day and one is asked for.
 */
export function timePart(value: string, part: TimePart): number | undefined {
  const match = WRITTEN.exec(value);
  if (match === null) return /^\d{9,17}$/.test(value) ? fromEpoch(Number(value), part) : undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  switch (part) {
    case "minute":
      return match[5] === undefined ? undefined : Number(match[5]);
    case "hour":
      return match[4] === undefined ? undefined : Number(match[4]);
    case "day":
      return day;
    case "week":
      return isoWeek(Date.UTC(year, month - 1, day));
    case "month":
      return month;
    case "year":
      return year;
  }
}

function fromEpoch(number: number, part: TimePart): number | undefined {
  const millis = number < 1e11 ? number * 1000 : number < 1e14 ? number : number / 1000;
  return timePart(new Date(millis).toISOString(), part);
}

/** The week as ISO 8601 counts: weeks begin on Monday, the first holds the year's first Thursday. */
function isoWeek(date: number): number {
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = date + (3 - weekday) * DAY;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / DAY / 7) + 1;
}
