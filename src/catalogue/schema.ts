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
  // What is looked up. A reading is one pass over a session; only the done one counts (see LineIndex). The words' index
  // holds no texts of its own and no positions: it only says which lines are worth a look.
  `CREATE TABLE reading (
     id INTEGER PRIMARY KEY,
     session TEXT NOT NULL,
     done INTEGER NOT NULL DEFAULT 0,
     unfinished INTEGER NOT NULL DEFAULT 0,
     cut INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX reading_by_session ON reading (session);
   CREATE TABLE line (
     id INTEGER PRIMARY KEY,
     reading INTEGER NOT NULL,
     source TEXT NOT NULL,
     at_us INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     text TEXT NOT NULL
   ) STRICT;
   CREATE INDEX line_by_reading ON line (reading);
   CREATE VIRTUAL TABLE line_words USING fts5 (
     text, content = '', contentless_delete = 1, tokenize = 'trigram', detail = none
   );`,
  // How a session's review log ended when it was last written: a log that lost its end is noticed by this.
  `CREATE TABLE review_end (
     session TEXT PRIMARY KEY,
     entries INTEGER NOT NULL,
     hash TEXT NOT NULL,
     lost INTEGER NOT NULL
   ) STRICT;`,
];
