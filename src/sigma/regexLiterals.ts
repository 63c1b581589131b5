/** Gives no literals yet: every expression is tried on every event of its log source. */
export function requiredLiterals(_source: string): readonly string[] | undefined {
  return undefined;
}
