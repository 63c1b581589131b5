import type Database from "better-sqlite3";

/** Each entry brings the catalogue from the version of its index to the next one. */
const STEPS = [
  `CREATE TABLE session (
     id TEXT PRIMARY KEY,
     started_at INTEGER NOT NULL,
     state TEXT NOT NULL,
     summary TEXT NOT NULL
   ) STRICT;
   CREATE INDEX session_by_start ON session (started_at);
   CREATE TABLE flag (
     id TEXT NOT NULL,
     session TEXT NOT NULL,
     at_us INTEGER NOT NULL,
     level TEXT NOT NULL,
     flag TEXT NOT NULL,
     UNIQUE (session, id)
   ) STRICT;`,
];

/** Brings the catalogue to the newest version. Readers and writers in other processes are waited for. */
export function migrate(db: Database.Database): void {
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  const version = () => db.pragma("user_version", { simple: true }) as number;
  if (version() >= STEPS.length) return;
  db.transaction(() => {
    for (let at = version(); at < STEPS.length; at++) db.exec(STEPS[at] as string);
    db.pragma(`user_version = ${STEPS.length}`);
  }).immediate();
}
