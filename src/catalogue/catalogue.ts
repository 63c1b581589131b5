import type { Flag } from "../core/flag.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { isSessionId, type SessionId } from "../core/units.js";
import { type Database, openDatabase } from "./database.js";
import { LineIndex } from "./lineIndex.js";

interface SessionRow {
  readonly summary: string;
}

interface FlagRow {
  readonly rowid: number;
  readonly flag: string;
}

/** How a session's review log ended when bodycam last wrote to it. */
export interface ReviewEnd {
  readonly session: SessionId;
  readonly entries: number;
  /** The hash of the last entry. */
  readonly hash: string;
  /** So many entries a log had whose end was found to be gone before more was written to it; 0 for one that is whole. */
  readonly lost: number;
}

/** A flag and its place in the order in which flags came into the catalogue. */
export interface NumberedFlag {
  readonly number: number;
  readonly flag: Flag;
}

/**
 * The list of sessions, their flags and what they said, in SQLite. It is made from the recordings and can be made again
 * from them: nothing is only here.
 */
export class Catalogue {
  readonly #db: Database;
  /** What sessions said, for looking it up. */
  readonly lines: LineIndex;

  /** Opens the catalogue, or makes it. Throws BodycamError `catalogue` when it can't be used. */
  constructor(path: string) {
    this.#db = openDatabase(path);
    this.lines = new LineIndex(this.#db);
  }

  /** Writes what is known of a session, in place of what was known before. */
  putSession(summary: SessionSummary): void {
    this.#db
      .prepare(
        `INSERT INTO session (id, started_at, state, summary) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, state = excluded.state, summary = excluded.summary`,
      )
      .run(summary.id, summary.startedAt, summary.state, JSON.stringify(summary));
  }

  /** Adds a flag. One that is there already is replaced by what is known of it now, and counts as come in just now. */
  addFlag(flag: Flag): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO flag (id, session, at_us, level, flag) VALUES (?, ?, ?, ?, ?)")
      .run(flag.id, flag.session, flag.at, flag.rule.level, JSON.stringify(flag));
  }

  /** Puts a whole session in place of what was known of it, in one step. */
  replaceSession(summary: SessionSummary, flags: readonly Flag[]): void {
    this.#db.transaction(() => {
      this.#db.prepare("DELETE FROM flag WHERE session = ?").run(summary.id);
      this.putSession(summary);
      for (const flag of flags) this.addFlag(flag);
    })();
  }

  removeSession(id: SessionId): void {
    this.#db.transaction(() => {
      this.#db.prepare("DELETE FROM flag WHERE session = ?").run(id);
      this.#db.prepare("DELETE FROM session WHERE id = ?").run(id);
      this.#db.prepare("DELETE FROM review_end WHERE session = ?").run(id);
      this.lines.remove(id);
    })();
  }

  /** Does `work` while no other process writes to the catalogue: a lock that a crash can't leave behind. */
  alone<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /** How review logs ended when bodycam last wrote to them: of one session, or of all. */
  reviewEnds(session?: SessionId): readonly ReviewEnd[] {
    return this.#db
      .prepare("SELECT session, entries, hash, lost FROM review_end WHERE ? IS NULL OR session = ?")
      .all(session ?? null, session ?? null) as ReviewEnd[];
  }

  putReviewEnd({ session, entries, hash, lost }: ReviewEnd): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO review_end (session, entries, hash, lost) VALUES (?, ?, ?, ?)")
      .run(session, entries, hash, lost);
  }

  /** All sessions, newest first. */
  sessions(): readonly SessionSummary[] {
    const rows = this.#db
      .prepare("SELECT summary FROM session ORDER BY started_at DESC, id")
      .all() as SessionRow[];
    return rows.map((row) => JSON.parse(row.summary) as SessionSummary);
  }

  session(id: SessionId): SessionSummary | undefined {
    const row = this.#db.prepare("SELECT summary FROM session WHERE id = ?").get(id) as
      | SessionRow
      | undefined;
    return row === undefined ? undefined : (JSON.parse(row.summary) as SessionSummary);
  }

  /** The ids that begin with `prefix`. */
  idsWithPrefix(prefix: string): readonly SessionId[] {
    const rows = this.#db
      .prepare("SELECT id FROM session WHERE substr(id, 1, ?) = ?")
      .all(prefix.length, prefix) as { id: string }[];
    return rows.map((row) => row.id).filter(isSessionId);
  }

  /** A session's flags in the order of their moments. */
  flags(session: SessionId): readonly Flag[] {
    const rows = this.#db
      .prepare("SELECT rowid, flag FROM flag WHERE session = ? ORDER BY at_us, id")
      .all(session) as FlagRow[];
    return rows.map((row) => JSON.parse(row.flag) as Flag);
  }

  /** Flags of all sessions that came in after the one numbered `after`, oldest first. */
  flagsAfter(after: number, session?: SessionId): readonly NumberedFlag[] {
    const rows = this.#db
      .prepare("SELECT rowid, flag FROM flag WHERE rowid > ? AND (? IS NULL OR session = ?) ORDER BY rowid")
      .all(after, session ?? null, session ?? null) as FlagRow[];
    return rows.map((row) => ({ number: row.rowid, flag: JSON.parse(row.flag) as Flag }));
  }

  /** The number of the newest flag, 0 when there is none. */
  lastFlagNumber(): number {
    return (this.#db.prepare("SELECT coalesce(max(rowid), 0) AS n FROM flag").get() as { n: number }).n;
  }

  close(): void {
    this.#db.close();
  }
}
