import type { Reader } from "./told.js";

/** What decides where the agents of a session keep their transcripts. */
export interface Place {
  /** The working directory, as it was given and with links resolved. */
  readonly cwds: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home in that environment. */
  readonly home: string;
}

/** A folder in which transcripts appear, and how many levels of folders below it are looked through. */
export interface Folder {
  readonly path: string;
  readonly depth: number;
}

/** Whose a transcript is, by what its own records say. */
export interface Origin {
  /** The agent's own id of the conversation. */
  readonly session: string;
  /** The conversation that started this one, for a subagent. */
  readonly parent: string | undefined;
  /** Whether it was made in the place that was asked about. */
  readonly here: boolean;
  /** When the conversation began, in milliseconds since 1970. */
  readonly startedAt: number | undefined;
}

interface Common {
  /** What the facts call it. */
  readonly name: string;
  /** Names of its program. */
  readonly programs: readonly string[];
  /** Names of its npm packages. */
  readonly packages: readonly string[];
  /** Whether a run with these arguments goes on with an older conversation. */
  resumes(args: readonly string[]): boolean;
  /** A reader for one transcript. */
  reader(): Reader;
}

/** An agent that writes JSON lines into a file for each conversation. */
export interface LineAgent extends Common {
  readonly store: "lines";
  /**
   * Where a conversation that begins about `now` (milliseconds since 1970) is written, or with `all` also one that was
   * begun long ago. Never throws.
   */
  folders(place: Place, now: number, all: boolean): Promise<readonly Folder[]>;
  /** Whether a file of this path is a transcript of this agent, by its name alone. */
  isTranscript(path: string): boolean;
  /** Whose the transcript is, or undefined when this record does not say. */
  origin(record: unknown, path: string, place: Place): Origin | undefined;
  /** Where the subagents of a conversation write. */
  children(path: string, origin: Origin | undefined): Folder | undefined;
  /** The conversation that the process with this number says it has, and its transcript. Never throws. */
  ofProcess?(pid: number, place: Place): Promise<{ session: string; path: string } | undefined>;
  /** The processes that have this conversation now, as far as that can be seen; none when it can't. Never throws. */
  owners?(path: string, origin: Origin, place: Place): Promise<readonly number[]>;
  /** Whether the agent keeps the file open as long as it runs. */
  readonly keepsOpen: boolean;
}

/** Rows of a query, as the caller's SQLite gives them. */
export interface DatabaseReader {
  all(sql: string, params: readonly (string | number)[]): readonly unknown[];
  close?(): void;
}

/** An agent that keeps all conversations in one SQLite database. */
export interface DatabaseAgent extends Common {
  readonly store: "database";
  databases(place: Place): Promise<readonly string[]>;
  /** Conversations that changed since `since` (milliseconds since 1970). Throws what the database throws. */
  conversations(db: DatabaseReader, since: number): readonly Conversation[];
  /** Records of one conversation that changed at `since` or later, for the agent's reader. */
  records(db: DatabaseReader, session: string, since: number): RecordPage;
  /** Everything that the database holds of one conversation, page by page, for a copy. Throws likewise. */
  rows(db: DatabaseReader, session: string): Iterable<readonly unknown[]>;
}

export interface Conversation {
  readonly session: string;
  readonly parent: string | undefined;
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined;
}

export interface RecordPage {
  readonly records: readonly unknown[];
  /** From where to ask the next time. */
  readonly next: number;
}

export type Agent = LineAgent | DatabaseAgent;
