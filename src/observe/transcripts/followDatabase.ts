import { stat } from "node:fs/promises";
import type { Conversation, DatabaseAgent, DatabaseReader } from "./agent.js";
import type { Reader, Told } from "./told.js";

interface Followed {
  readonly read: Reader;
  next: number;
}

/**
 * Follows conversations in the database of an agent, which others use too: only those that were chosen are read. Costs two
 * looks at the file system while nothing changes.
 */
export class DatabaseFollower {
  readonly agent: DatabaseAgent;
  readonly path: string;
  readonly #open: (path: string) => DatabaseReader;
  readonly #since: number;
  readonly #followed = new Map<string, Followed>();
  #db: DatabaseReader | undefined;
  #stamp = "";

  constructor(agent: DatabaseAgent, path: string, since: number, open: (path: string) => DatabaseReader) {
    this.agent = agent;
    this.path = path;
    this.#since = since;
    this.#open = open;
  }

  get conversations(): readonly string[] {
    return [...this.#followed.keys()];
  }

  /** Whether the session's conversations hold this one. */
  has(session: string): boolean {
    return this.#followed.has(session);
  }

  follow(session: string): void {
    if (this.#followed.has(session)) return;
    this.#followed.set(session, { read: this.agent.reader(), next: this.#since });
  }

  /** What is new, after `choose` has said which conversations to follow. Throws what the database throws. */
  async poll(choose: (changed: readonly Conversation[]) => void, force: boolean): Promise<readonly Told[]> {
    const stamp = await this.#stampNow();
    if (stamp === this.#stamp && !force) return [];
    try {
      this.#db ??= this.#open(this.path);
      const db = this.#db;
      choose(this.agent.conversations(db, this.#since));
      const told: Told[] = [];
      for (const [session, followed] of this.#followed) {
        const page = this.agent.records(db, session, followed.next);
        followed.next = page.next;
        for (const record of page.records) told.push(...followed.read(record));
      }
      this.#stamp = stamp;
      return told;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    try {
      this.#db?.close?.();
    } catch {
      // It was only read.
    }
    this.#db = undefined;
  }

  /** Changes with the database: new rows are first in the write-ahead log. */
  async #stampNow(): Promise<string> {
    const looks = [this.path, `${this.path}-wal`].map((path) =>
      stat(path).then(
        (stats) => `${stats.ino} ${stats.size} ${stats.mtimeMs}`,
        () => "none",
      ),
    );
    return (await Promise.all(looks)).join(" ");
  }
}
