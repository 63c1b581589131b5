import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { BodycamError, systemCode } from "../core/errors.js";
import { STEPS } from "./schema.js";

export type Database = Sqlite.Database;

/** Opens the database of a catalogue, or makes it. Throws BodycamError `catalogue` when it can't be used. */
export function openDatabase(path: string): Database {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const db = new Sqlite(path, { timeout: 5000 });
    chmodSync(path, 0o600);
    migrate(db);
    return db;
  } catch (cause) {
    throw catalogueError(path, cause);
  }
}

/** An SQLite database of another program's, opened for reading only. */
export interface ForeignDatabase {
  all(sql: string, params: readonly (string | number)[]): readonly unknown[];
  close(): void;
}

/** Opens it; throws what SQLite throws. It is never made, and a writer is waited for a short while only. */
export function openForeignDatabase(path: string): ForeignDatabase {
  const db = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 200 });
  return {
    all: (sql, params) => db.prepare(sql).all(...params),
    close: () => db.close(),
  };
}

/** Brings a catalogue to the newest version. Readers and writers in other processes are waited for. */
function migrate(db: Database): void {
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
