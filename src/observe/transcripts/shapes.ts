/** A JSON object whose fields are still to be checked. */
export type Shape = Readonly<Record<string, unknown>>;

/** `value` when it is a JSON object, else undefined. */
export const shape = (value: unknown): Shape | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Shape) : undefined;

/** `value` when it is a text, else undefined. */
export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** `value` when it is a list, else an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The JSON that `source` holds, or undefined for anything else: half lines, other formats, nothing. */
export function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** Milliseconds since 1970 of an ISO date, or undefined. */
export function moment(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}
