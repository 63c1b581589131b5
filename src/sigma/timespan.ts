const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A timespan such as `90m` in microseconds, or undefined when it has another form than Sigma's. */
export function parseTimespan(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const seconds = SECONDS[match?.[2] ?? ""];
  if (match === null || seconds === undefined) return undefined;
  const amount = Number(match[1]);
  return amount > 0 ? amount * seconds * 1_000_000 : undefined;
}
