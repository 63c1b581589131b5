import type { Trouble } from "../../src/recording/trouble.js";

/** Collects what a writer tells, and lets a test wait for it. */
export class Troubles {
  readonly all: string[] = [];
  readonly #waiting = new Map<string, () => void>();

  readonly listener = (trouble: Trouble): void => {
    const name = `${trouble.what} ${trouble.phase}`;
    this.all.push(name);
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
  };

  /** Resolves when `name` (such as `recording-removed end`) is told the next time. */
  next(name: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }
}
