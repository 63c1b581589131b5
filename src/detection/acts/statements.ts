import { looksLikeSql } from "../code/sqlText.js";
import { operands, optionValues } from "../shell/options.js";
import { programName, type SimpleCommand } from "../shell/simpleCommand.js";

/** The clients of databases, and the options that give them a statement. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  psql: ["-c", "--command"],
  pgcli: ["-c"],
  mysql: ["-e", "--execute"],
  mariadb: ["-e", "--execute"],
  mycli: ["-e", "--execute"],
  mysqlsh: ["-e", "--execute"],
  sqlite3: ["-cmd"],
  sqlite: [],
  litecli: ["-e"],
  duckdb: ["-c", "-s", "-cmd"],
  sqlcmd: ["-Q", "-q"],
  mssql: ["-q"],
  sqlplus: [],
  isql: [],
  usql: ["-c", "--command"],
  cockroach: ["-e", "--execute"],
  clickhouse: ["-q", "--query"],
  "clickhouse-client": ["-q", "--query"],
  cqlsh: ["-e", "--execute"],
  snowsql: ["-q"],
  snow: ["-q", "--query"],
  bq: [],
  trino: ["--execute"],
  presto: ["--execute"],
  hive: ["-e"],
  beeline: ["-e"],
  "impala-shell": ["-q"],
  "spark-sql": ["-e"],
  turso: [],
  wrangler: ["--command"],
  "cypher-shell": [],
  influx: ["-execute", "--execute"],
  supabase: [],
  neonctl: [],
  planetscale: [],
  pscale: [],
  aws: ["--sql", "--query-string"],
  gcloud: ["--sql"],
  heroku: ["-c", "--command"],
  prisma: [],
  mongosh: ["--eval"],
  mongo: ["--eval"],
  "redis-cli": [],
  "sea-orm-cli": [],
};

/** More statements than this from one command are not looked at one by one. */
const MOST = 64;

/**
 * The statements that a command gives to a database: SQL by option, operand, here-document or pipe,
 * MongoDB's JavaScript, and SQL among the strings of program text.
 */
export function statements(command: SimpleCommand): readonly string[] {
  const name = programName(command.argv);
  const found: string[] = [...(command.code?.statements ?? [])];
  if (Object.hasOwn(CLIENTS, name)) {
    found.push(...optionValues(command.argv, CLIENTS[name] ?? []));
    found.push(...operands(command.argv, {}).filter(looksLikeSql));
    if (name === "mongosh" || name === "mongo" || command.stdin !== undefined)
      found.push(command.stdin ?? "");
  }
  return [...new Set(found.flatMap(separate))].slice(0, MOST);
}

/** Splits a script at its semicolons; a semicolon in a string splits too, which only makes more to look at. */
const separate = (text: string): readonly string[] =>
  text
    .slice(0, 64 * 1024)
    .split(/;[ \t]*(?:\n|$|(?=\s*[A-Za-z]))/)
    .map((one) => one.replace(/\s+/g, " ").trim())
    .filter((one) => one !== "");
