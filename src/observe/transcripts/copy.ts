import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { DatabaseReader } from "./agent.js";
import { AGENTS } from "./agents.js";
import type { Transcript } from "./observer.js";

const PIECE = 128 * 1024;
/** No more of one transcript than this is copied. */
export const LARGEST_COPY = 128 * 1024 * 1024;

/** A part of a transcript, as it lies on the disk at the end of the session. */
export interface CopiedPiece {
  readonly agent: string;
  readonly path: string;
  /** Of a database: the agent's id of the conversation, whose rows are copied as JSON, one a line. */
  readonly conversation: string | undefined;
  /** Where in the copy the piece begins. */
  readonly offset: number;
  readonly data: Uint8Array;
}

/**
 * The transcript piece by piece, unchanged; of a database only the conversations that are the session's. Throws what
 * the file system or the database throws, and an error that says so when the transcript is too large.
 */
export async function* copyOf(
  transcript: Transcript,
  openDatabase: (path: string) => DatabaseReader,
): AsyncGenerator<CopiedPiece> {
  if (transcript.conversations === undefined) yield* fileOf(transcript);
  else for (const one of transcript.conversations) yield* rowsOf(transcript, one, openDatabase);
}

async function* fileOf({ agent, path }: Transcript): AsyncGenerator<CopiedPiece> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error("it is no file any more");
    const end = Math.min(stats.size, LARGEST_COPY);
    for (let offset = 0; offset < end; ) {
      const data = Buffer.alloc(Math.min(PIECE, end - offset));
      const { bytesRead } = await file.read(data, 0, data.length, offset);
      if (bytesRead === 0) break;
      yield { agent, path, conversation: undefined, offset, data: data.subarray(0, bytesRead) };
      offset += bytesRead;
    }
    if (end < stats.size) throw tooLarge();
  } finally {
    await file.close();
  }
}

function* rowsOf(
  { agent: name, path }: Transcript,
  conversation: string,
  openDatabase: (path: string) => DatabaseReader,
): Generator<CopiedPiece> {
  const agent = AGENTS.find((one) => one.name === name);
  if (agent?.store !== "database") return;
  const db = openDatabase(path);
  try {
    let offset = 0;
    for (const rows of agent.rows(db, conversation)) {
      const data = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      // A row may be longer than a piece is to be.
      for (let from = 0; from < data.length; from += PIECE) {
        const piece = data.subarray(from, from + PIECE);
        yield { agent: name, path, conversation, offset, data: piece };
        offset += piece.length;
      }
      if (offset > LARGEST_COPY) throw tooLarge();
    }
  } finally {
    db.close?.();
  }
}

const tooLarge = (): Error => new Error(`it is larger than ${LARGEST_COPY / 1024 / 1024} MiB`);
