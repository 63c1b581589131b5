/** So many files from the network are remembered. */
const MOST_FETCHED = 1_000;

/** Texts written to files within the commands read so far, so that a script written and then run is looked into. */
export class WrittenFiles {
  readonly #texts = new Map<string, string>();
  readonly #fetched = new Map<string, string>();
  #size = 0;
  readonly #capacity: number;

  /** `capacity` bounds the characters kept; the oldest files are forgotten first. */
  constructor(capacity = 256 * 1024) {
    this.#capacity = capacity;
  }

  get(path: string): string | undefined {
    return this.#texts.get(path);
  }

  set(path: string, text: string): void {
    this.#forget(path);
    if (text.length > this.#capacity) return;
    this.#texts.set(path, text);
    this.#size += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#size <= this.#capacity) break;
      this.#forget(oldest);
    }
  }

  /** Where a file came from, when a command fetched it. */
  sourceOf(path: string): string | undefined {
    return this.#fetched.get(path);
  }

  fetched(path: string, url: string): void {
    this.#fetched.delete(path);
    this.#fetched.set(path, url);
    const [oldest] = this.#fetched.keys();
    if (this.#fetched.size > MOST_FETCHED && oldest !== undefined) this.#fetched.delete(oldest);
  }

  append(path: string, text: string): void {
    this.set(path, (this.#texts.get(path) ?? "") + text);
  }

  #forget(path: string): void {
    const text = this.#texts.get(path);
    if (text === undefined) return;
    this.#texts.delete(path);
    this.#size -= text.length;
  }
}

/** What is known at one point of a script: variables with literal values, aliases, the directory. */
export interface Scope {
  readonly vars: Map<string, string>;
  readonly aliases: Map<string, string>;
  readonly files: WrittenFiles;
  cwd: string | undefined;
}

export const newScope = (files: WrittenFiles, cwd: string | undefined): Scope => ({
  vars: new Map(),
  aliases: new Map(),
  files,
  cwd,
});

/** A scope whose changes end with it, as in a subshell. */
export const innerScope = (scope: Scope): Scope => ({
  vars: new Map(scope.vars),
  aliases: new Map(scope.aliases),
  files: scope.files,
  cwd: scope.cwd,
});
