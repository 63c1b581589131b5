import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Conversation, DatabaseAgent, DatabaseReader, Place, RecordPage } from "./agent.js";
import { parsed, type Shape, shape, text } from "./shapes.js";
import { type Reader, Telling } from "./told.js";

/** Rows are asked for in pages, and texts longer than this are left where they are. */
const PAGE = 200;
const LONGEST_ROW = 16 * 1024 * 1024;

/** A change can be stamped before and committed after one that was read: look this far back, in milliseconds. */
const OVERLAP = 5000;

/**
 * opencode: one SQLite database for everything, `$XDG_DATA_HOME/opencode/opencode.db`. Table `session` has the working
 * directory and, for a subagent, the parent; a row of `part` with `type: "tool"` is a call, and is updated from
 * `pending` through `running` to `completed` or `error`. Times are milliseconds since 1970. Shapes: 1.18.33.
 */
export const opencode: DatabaseAgent = {
  store: "database",
  name: "opencode",
  programs: ["opencode"],
  packages: ["opencode-ai"],
  resumes: (args) => args.some((arg) => /^(-c|-s|--continue|--session|--fork)(=|$)/.test(arg)),
  reader,
  async databases(place) {
    const folder = dataFolder(place);
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => /^opencode(-[\w.-]+)?\.db$/.test(name)).map((name) => join(folder, name));
  },
  conversations(db, since) {
    const rows = db.all(
      "SELECT id, parent_id, directory, time_created FROM session WHERE time_updated >= ? ORDER BY time_created",
      [since],
    );
    return rows.flatMap((row) => conversation(shape(row)));
  },
  records: pages,
  rows,
};

/** The tables of a conversation, and the column that names it. */
const TABLES = [
  ["session", "id"],
  ["message", "session_id"],
  ["part", "session_id"],
] as const;

function* rows(db: DatabaseReader, session: string): Generator<readonly unknown[]> {
  for (const [table, column] of TABLES) {
    for (let after = ""; ; ) {
      const page = db.all(
        `SELECT '${table}' AS "table", * FROM ${table} WHERE ${column} = ? AND id > ? ORDER BY id LIMIT ?`,
        [session, after, PAGE],
      );
      yield page;
      after = text(shape(page.at(-1))?.id) ?? "";
      if (page.length < PAGE || after === "") break;
    }
  }
}

const dataFolder = (place: Place): string =>
  join(place.env.XDG_DATA_HOME || join(place.home, ".local", "share"), "opencode");

function conversation(row: Shape | undefined): readonly Conversation[] {
  const session = text(row?.id);
  const directory = text(row?.directory);
  if (row === undefined || session === undefined || directory === undefined) return [];
  const startedAt = typeof row.time_created === "number" ? row.time_created : undefined;
  return [{ session, parent: text(row.parent_id), directory, startedAt }];
}

function pages(db: DatabaseReader, session: string, since: number): RecordPage {
  const rows: Shape[] = [];
  let [time, id] = [since - OVERLAP, ""];
  for (;;) {
    const page = db
      .all(
        `SELECT id, time_created, time_updated, data FROM part
         WHERE session_id = ? AND (time_updated > ? OR (time_updated = ? AND id > ?)) AND length(data) <= ?
         ORDER BY time_updated, id LIMIT ?`,
        [session, time, time, id, LONGEST_ROW, PAGE],
      )
      .map((row) => shape(row) ?? {});
    for (const row of page) {
      if (typeof row.time_updated === "number") time = row.time_updated;
      id = text(row.id) ?? id;
      const data = shape(parsed(text(row.data) ?? ""));
      if (data?.type === "tool") rows.push({ at: row.time_created, updated: row.time_updated, data });
    }
    if (page.length < PAGE) return { records: rows, next: Math.max(since, time) };
  }
}

function reader(): Reader {
  const telling = new Telling("opencode");
  return (record) => {
    const row = shape(record);
    const part = shape(row?.data);
    const state = shape(part?.state);
    const id = text(part?.callID);
    // A pending call has no input yet.
    if (part?.type !== "tool" || state === undefined || id === undefined || state.status === "pending")
      return [];
    const time = (value: unknown, otherwise: unknown): number | undefined =>
      [value, otherwise].find((at) => typeof at === "number");
    const began = time(shape(state.time)?.start, row?.at);
    const command = part.tool === "bash" ? text(shape(state.input)?.command) : undefined;
    const told = telling.call(id, text(part.tool) ?? "", state.input ?? {}, began, command);
    if (state.status !== "completed" && state.status !== "error") return told;
    const exit = shape(state.metadata)?.exit;
    const failed = state.status === "error" || (typeof exit === "number" && exit !== 0);
    const output = text(state.output) ?? text(state.error) ?? "";
    return [...told, ...telling.result(id, failed, output, time(shape(state.time)?.end, row?.updated))];
  };
}
