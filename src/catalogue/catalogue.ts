import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { BodycamError, systemCode } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import type { SessionSummary } from "../core/sessionSummary.js";
import { isSessionId, type SessionId } from "../core/units.js";
import { STEPS } from "./schema.js";

interface SessionRow {
  readonly summary: string;
}

interface FlagRow {
  readonly rowid: number;
  readonly flag: string;
}

/** A flag and its place in the order in which flags came into the catalogue. */
export interface NumberedFlag {
  readonly number: number;
  readonly flag: Flag;
}

/**
 * The list of sessions and their flags, in SQLite. It is made from the recordings and can be made again from them:
 * nothing is only here.
 */
export class Catalogue {
  readonly #db: Database.Database;

  /** Opens the catalogue, or makes it. Throws BodycamError `catalogue` when it can't be used. */
  constructor(path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#db = new Database(path, { timeout: 5000 });
      chmodSync(path, 0o600);
      migrate(this.#db);
    } catch (cause) {
      throw catalogueError(path, cause);
    }
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

  /** Adds a flag; one that is there already stays as it was. */
  addFlag(flag: Flag): void {
    this.#db
      .prepare(
        "INSERT INTO flag (id, session, at_us, level, flag) VALUES (?, ?, ?, ?, ?) ON CONFLICT (session, id) DO NOTHING",
      )
      .run(flag.id, flag.session, flag.at, flag.rule.level, JSON.stringify(flag));
  }

  /** Puts a whole session in place of what was known of it, in one step. */
  replaceSession(summary: SessionSummary, flags: readonly Flag[]): void {
    this.#db.transaction(() => {
      this.removeSession(summary.id);
      this.putSession(summary);
      for (const flag of flags) this.addFlag(flag);
    })();
  }

  removeSession(id: SessionId): void {
    this.#db.prepare("DELETE FROM flag WHERE session = ?").run(id);
    this.#db.prepare("DELETE FROM session WHERE id = ?").run(id);
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
      .prepare("SELECT rowid, flag FROM flag WHERE session = ? ORDER BY at_us, rowid")
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

/** Brings a catalogue to the newest version. Readers and writers in other processes are waited for. */
function migrate(db: Database.Database): void {
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  const version = () => db.pragma("user_version", { simple: true }) as number;
  if (version() >= STEPS.length) return;
  db.transaction(() => {
    for (const step of STEPS.slice(version())) db.exec(step);
    db.pragma(`user_version = ${STEPS.length}`);
  }).immediate();
}

/** Deletes the catalogue, to make it anew. */
export function removeCatalogue(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

function catalogueError(path: string, cause: unknown): BodycamError {
  const code = systemCode(cause) ?? "";
  if (code === "SQLITE_CORRUPT" || code === "SQLITE_NOTADB") {
    return new BodycamError("catalogue", `The catalogue ${path} is damaged.`, {
      hint: "Make it anew from the recordings: bodycam rebuild",
      cause,
    });
  }
  return new BodycamError("home-not-writable", `The catalogue ${path} can't be opened.`, {
    hint: "Check that you may write to this directory and that the disk is not full, or set BODYCAM_HOME to another one.",
    cause,
  });
}
