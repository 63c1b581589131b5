import type { EventBody, Exit, ImportedFile, SessionEvent, SessionMeta } from "../core/event.js";
import { type Micros, micros, seq } from "../core/units.js";
import { type Findings, findingText } from "./findings.js";
import type { ForeignFormat, FormatReader, Head, Read } from "./foreign.js";

/** What is known of a foreign session beside what its file says. */
export interface ForeignSource {
  readonly format: ForeignFormat;
  readonly files: readonly ImportedFile[];
  /** When this is: wall clock, microseconds since 1970. */
  readonly now: number;
  /** When the session may have been, should the file not say it. */
  readonly writtenAt: number;
  readonly recorder: SessionMeta["recorder"];
}

const GUESSED_SIZE = { cols: 80, rows: 24 };

/**
 * A foreign file as the events of a session, as its recording would give them: `open` first, `end` last, and before it
 * a notice for each thing that was left out or guessed.
 */
export class ForeignSession {
  readonly #reader: FormatReader;
  readonly #source: ForeignSource;
  readonly #findings: Findings;
  #seq = 0;
  #last: Micros = micros(0);
  #exit: Exit | undefined;
  #startedAt = 0;

  constructor(reader: FormatReader, source: ForeignSource, findings: Findings) {
    this.#reader = reader;
    this.#source = source;
    this.#findings = findings;
  }

  /** Wall clock at the start, microseconds since 1970; known with the first event. */
  get startedAt(): number {
    return this.#startedAt;
  }

  *push(bytes: Uint8Array): Generator<SessionEvent, void> {
    for (const read of this.#reader.push(bytes)) yield* this.#events(read);
  }

  *end(): Generator<SessionEvent, void> {
    for (const read of this.#reader.end()) yield* this.#events(read);
    if (this.#exit === undefined) this.#findings.add("no-exit");
    for (const finding of this.#findings.all)
      yield this.#event(this.#last, {
        kind: "notice",
        notice: { what: "import", detail: findingText(finding) },
      });
    yield this.#event(this.#last, { kind: "end", exit: this.#exit ?? { by: "unknown" } });
  }

  *#events(read: Read): Generator<SessionEvent, void> {
    switch (read.kind) {
      case "head":
        yield this.#event(micros(0), { kind: "open", meta: this.#meta(read.head) });
        return;
      case "event":
        if (this.#exit !== undefined) this.#findings.add("after-exit");
        yield this.#event(read.at, read.body);
        return;
      case "exit":
        this.#exit = read.exit;
        this.#last = read.at;
    }
  }

  #event(at: Micros, body: EventBody): SessionEvent {
    this.#last = at;
    return { at, seq: seq(this.#seq++), ...body };
  }

  #meta(head: Head): SessionMeta {
    const { format, files, now, writtenAt, recorder } = this.#source;
    if (head.startedAt === undefined) this.#findings.add("start-guessed");
    this.#startedAt = head.startedAt ?? writtenAt;
    if (head.size === undefined) this.#findings.add("size-guessed");
    const known = head.text.length <= LONGEST_KEPT;
    if (!known) this.#findings.add("bad-header");
    return {
      command: words(head.command?.slice(0, LONGEST_KEPT) ?? ""),
      cwd: "",
      term: head.term?.slice(0, 256) ?? "",
      size: { ...(head.size ?? GUESSED_SIZE), xpixel: 0, ypixel: 0 },
      user: "",
      host: "",
      platform: "",
      recorder,
      terminal: { stdin: true, stdout: true },
      stdin: "terminal",
      imported: { format, files, at: now, header: known ? head.text : "" },
    };
  }
}

/** A header or command longer than this is no honest one, and would not fit in a frame. */
const LONGEST_KEPT = 64 * 1024;

/** Recorders give the command as a line for a shell. Where nothing in it needs one, its words are what ran. */
function words(command: string): readonly string[] {
  const line = command.trim();
  if (line === "") return [];
  return /^[\w@%+=:,./ -]+$/.test(line) ? line.split(/ +/) : ["sh", "-c", line];
}
