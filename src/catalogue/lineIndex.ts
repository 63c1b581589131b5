import type { SessionLine } from "../core/sessionLine.js";
import type { SessionId } from "../core/units.js";
import type { Database } from "./database.js";
import { type Required, trigramQuery } from "./trigrams.js";

/** A pass over one session that puts its lines here. */
export type ReadingId = number & { readonly unit: "reading" };

/** How a session was read. */
export interface ReadingState {
  /** The session was still running: there is more by now. */
  readonly unfinished: boolean;
  /** It said more than is kept here. */
  readonly cut: boolean;
}

/**
 * What sessions said, line by line, to be looked up. A session's lines count only when a reading of it is done, and
 * then all at once; so a reading that was cut short leaves nothing, and of two at the same time the last one stays.
 */
export class LineIndex {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  begin(session: SessionId): ReadingId {
    return this.#db.prepare("INSERT INTO reading (session) VALUES (?)").run(session)
      .lastInsertRowid as ReadingId;
  }

  add(reading: ReadingId, lines: readonly SessionLine[]): void {
    const put = this.#db.prepare(
      "INSERT INTO line (reading, source, at_us, seq, text) VALUES (?, ?, ?, ?, ?)",
    );
    const index = this.#db.prepare("INSERT INTO line_words (rowid, text) VALUES (?, ?)");
    this.#db
      .transaction(() => {
        for (const { source, at, seq, text } of lines) {
          // The index would see nothing of a text beyond a zero character.
          const shown = text.replaceAll("\0", "\ufffd");
          index.run(put.run(reading, source, at, seq, shown).lastInsertRowid, shown);
        }
      })
      .immediate();
  }

  /** From now on the session's lines are those of this reading. */
  finish(reading: ReadingId, { unfinished, cut }: ReadingState): void {
    this.#db
      .transaction(() => {
        const done = this.#db
          .prepare("UPDATE reading SET done = 1, unfinished = ?, cut = ? WHERE id = ? RETURNING session")
          .get(Number(unfinished), Number(cut), reading) as { session: string } | undefined;
        // A later reading was done before this one, and has removed it.
        if (done === undefined) this.#removeReading(reading);
        else for (const { id } of this.#readings(done.session)) if (id < reading) this.#removeReading(id);
      })
      .immediate();
  }

  /** How a session was read; undefined when it was not. */
  state(session: SessionId): ReadingState | undefined {
    const row = this.#current(session);
    return row === undefined ? undefined : { unfinished: row.unfinished === 1, cut: row.cut === 1 };
  }

  remove(session: SessionId): void {
    for (const { id } of this.#readings(session)) this.#removeReading(id);
  }

  /** A session's lines that may hold what is required, in their order. It is for the caller to look whether they do. */
  *candidates(session: SessionId, required: Required): Generator<SessionLine, void> {
    const reading = this.#current(session);
    if (reading === undefined) return;
    const query = trigramQuery(required);
    const columns = "source, at_us AS at, seq, line.text AS text";
    if (query === undefined) {
      const all = this.#db.prepare(`SELECT ${columns} FROM line WHERE reading = ? ORDER BY id`);
      yield* all.iterate(reading.id) as IterableIterator<SessionLine>;
      return;
    }
    const { first, last } = this.#db
      .prepare("SELECT min(id) AS first, max(id) AS last FROM line WHERE reading = ?")
      .get(reading.id) as { first: number | null; last: number | null };
    const found = this.#db.prepare(
      `SELECT ${columns} FROM line_words CROSS JOIN line ON line.id = line_words.rowid
       WHERE line_words MATCH ? AND line_words.rowid BETWEEN ? AND ? AND line.reading = ? ORDER BY line_words.rowid`,
    );
    yield* found.iterate(query, first, last, reading.id) as IterableIterator<SessionLine>;
  }

  #current(session: string): { id: ReadingId; unfinished: number; cut: number } | undefined {
    return this.#db
      .prepare("SELECT id, unfinished, cut FROM reading WHERE session = ? AND done = 1 ORDER BY id DESC")
      .get(session) as { id: ReadingId; unfinished: number; cut: number } | undefined;
  }

  #readings(session: string): readonly { id: ReadingId }[] {
    return this.#db.prepare("SELECT id FROM reading WHERE session = ?").all(session) as { id: ReadingId }[];
  }

  #removeReading(reading: ReadingId): void {
    this.#db
      .prepare("DELETE FROM line_words WHERE rowid IN (SELECT id FROM line WHERE reading = ?)")
      .run(reading);
    this.#db.prepare("DELETE FROM line WHERE reading = ?").run(reading);
    this.#db.prepare("DELETE FROM reading WHERE id = ?").run(reading);
  }
}
