const MAX_PATHS = 10_000;

/**
 * Which paths are known to exist, from what the session's processes did to them: what was renamed to a path is there
 * until it is deleted or renamed away. GNU mv asks first whether it would overwrite (renameat2 with
 * RENAME_NOREPLACE); the refusal says that something was there.
 */
export class Targets {
  readonly #there = new Set<string>();

  /** Something is known to be at `path`. */
  exists(path: string): void {
    this.#there.delete(path);
    this.#there.add(path);
    if (this.#there.size > MAX_PATHS) this.#there.delete(this.#there.values().next().value as string);
  }

  gone(path: string): void {
    this.#there.delete(path);
  }

  has(path: string): boolean {
    return this.#there.has(path);
  }
}
