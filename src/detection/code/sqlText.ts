/** A statement's first word, and a word that must follow it somewhere for the text not to be mere prose. */
const STATEMENTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^SELECT\s/i, /\sFROM\s|^SELECT\s+\w+\s*\(/i],
  [/^WITH\s+\w+\s+AS\s*\(/i, /\(/],
  [/^INSERT\s+(INTO|OR|IGNORE)\s/i, /\s/],
  [/^REPLACE\s+INTO\s/i, /\s/],
  [/^MERGE\s+INTO\s/i, /\s/],
  [/^UPDATE\s+\S+\s/i, /\sSET\s/i],
  [/^DELETE\s+FROM\s/i, /\s/],
  [
    /^DROP\s+(TABLE|DATABASE|SCHEMA|VIEW|INDEX|COLUMN|USER|ROLE|KEYSPACE|OWNED|TABLESPACE|EXTENSION|MATERIALIZED|TYPE|FUNCTION|SEQUENCE|COLLECTION|STREAM)\b/i,
    /\s/,
  ],
  [/^TRUNCATE\s+\S/i, /\S/],
  [/^ALTER\s+(TABLE|DATABASE|SCHEMA|USER|ROLE|SYSTEM|KEYSPACE|DEFAULT)\b/i, /\s/],
  [
    /^CREATE\s+(OR\s+REPLACE\s+)?(\w+\s+)?(TABLE|DATABASE|SCHEMA|USER|ROLE|INDEX|VIEW|FUNCTION|EXTENSION|TRIGGER)\b/i,
    /\s/,
  ],
  [/^GRANT\s/i, /\sTO\s/i],
  [/^REVOKE\s/i, /\sFROM\s/i],
  [/^COPY\s/i, /\s(TO|FROM)\s/i],
  [/^(PRAGMA|ATTACH|DETACH|VACUUM|EXPLAIN)\s+\w/i, /\w/],
  [/^(BEGIN|COMMIT|ROLLBACK|START\s+TRANSACTION)\s*;/i, /;/],
];

/** Longer text is judged by its beginning. */
const LOOKED_AT = 4096;

/** SQL without its leading comments. */
function bare(text: string): string {
  let rest = text.slice(0, LOOKED_AT).trimStart();
  for (;;) {
    const end = rest.startsWith("--")
      ? rest.indexOf("\n")
      : rest.startsWith("/*")
        ? rest.indexOf("*/") + 1
        : -1;
    if (end <= 0) return rest;
    rest = rest.slice(end + 1).trimStart();
  }
}

/** Whether a text reads as an SQL statement. */
export function looksLikeSql(text: string): boolean {
  const statement = bare(text);
  return STATEMENTS.some(([verb, then]) => verb.test(statement) && then.test(statement));
}
