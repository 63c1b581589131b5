import type { Observation } from "./observation.js";
import type { Micros, Seq } from "./units.js";

/** The size of a terminal: cells, and pixels where the terminal says (0 where it does not). */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
  readonly xpixel: number;
  readonly ypixel: number;
}

/** What is known of a session when it starts: the payload of its first frame. */
export interface SessionMeta {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly term: string;
  readonly size: TerminalSize;
  readonly user: string;
  readonly host: string;
  readonly platform: string;
  readonly recorder: { readonly version: string; readonly pid: number };
  /** Which of the camera's own standard streams were a terminal. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean };
  /** How the agent's standard input was given: the session's terminal, or a pipe kept as a pipe. */
  readonly stdin: "terminal" | "pipe";
  /**
   * There when the session was not recorded by bodycam, but made from another program's files. Then `host` is empty,
   * and what those files do not say is empty as well.
   */
  readonly imported?: Imported;
}

/** What an imported session was made from. */
export interface Imported {
  /** The format of the files, such as `asciicast-v2`. */
  readonly format: string;
  readonly files: readonly ImportedFile[];
  /** When it was imported: wall clock, microseconds since 1970. */
  readonly at: number;
  /** What the files say about the session, as it stands there: JSON for asciicast, a line of text for script(1). */
  readonly header: string;
}

/** One file that a session was imported from, as it was on the disk. */
export interface ImportedFile {
  /** Its name, without directories. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** How a command ended: by itself, or by a signal. Only of an imported session that may be unknown. */
export type Exit =
  | { readonly by: "exit"; readonly code: number }
  | { readonly by: "signal"; readonly signal: string; readonly number: number }
  | { readonly by: "unknown" };

/** Why a piece of a session is not in its recording. Law 6: no silent gap. */
export interface Gap {
  readonly reason: "disk-full" | "write-failed" | "recorder-lagging";
  readonly detail: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly outputBytes: number;
  readonly inputBytes: number;
}

/**
 * Something the camera itself did or saw happen to itself, worth a reviewer's knowledge. In an imported session:
 * `marker`, a mark that somebody set (`detail`: its label); `foreign`, an event of a kind that bodycam does not know
 * (`detail`: how it stood in the file); `import`, what was left out or guessed (`detail`: a sentence).
 */
export interface Notice {
  readonly what:
    | "alert"
    | "recording-removed"
    | "recording-altered"
    | "recording-restored"
    | "shadow-dropped"
    | "marker"
    | "foreign"
    | "import";
  readonly detail: string;
}

/** Where a piece of an agent's own transcript comes from. */
export interface TranscriptPiece {
  readonly agent: string;
  /** The file, where it lay when the session ended. */
  readonly path: string;
  /** Of a database: the agent's id of the conversation, whose rows are kept as JSON, one a line. */
  readonly conversation?: string;
  /** Where in the transcript the piece begins. */
  readonly offset: number;
}

interface At {
  readonly at: Micros;
  readonly seq: Seq;
}

/** One fact of a session, as read from its recording. The same type is written and read. */
export type SessionEvent = At & EventBody;

export type EventBody =
  | { readonly kind: "open"; readonly meta: SessionMeta }
  | { readonly kind: "output"; readonly data: Uint8Array }
  | { readonly kind: "input"; readonly data: Uint8Array }
  /** Keys typed at a password prompt: how many bytes, never which. */
  | { readonly kind: "masked"; readonly bytes: number }
  | { readonly kind: "resize"; readonly size: TerminalSize }
  /** A signal that reached the camera and was passed on to the agent. */
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "suspend" }
  | { readonly kind: "resume" }
  | { readonly kind: "gap"; readonly gap: Gap }
  | { readonly kind: "notice"; readonly notice: Notice }
  /**
   * A fact from beyond the terminal. It is recorded when it is told, which is later than it was: `happened` is its own
   * moment, on the session's clock, where that is known.
   */
  | { readonly kind: "observation"; readonly observation: Observation; readonly happened?: Micros }
  /** A piece of the agent's own transcript, copied when the session ended: agents delete theirs. */
  | { readonly kind: "transcript"; readonly piece: TranscriptPiece; readonly data: Uint8Array }
  | { readonly kind: "end"; readonly exit: Exit }
  /** A kind that a newer bodycam wrote: kept, not understood. */
  | { readonly kind: "unknown"; readonly code: number; readonly data: Uint8Array };
