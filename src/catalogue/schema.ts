/**
 * The catalogue's tables. Each step brings it from the version of its index to the next one; steps are only ever added.
 */
export const STEPS: readonly string[] = [
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
