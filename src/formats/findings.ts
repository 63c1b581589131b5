/** What an importer had to leave out, change or guess. Data; `findingText` puts it in words. */
export type FindingKind =
  | "cut-short"
  | "compressed-cut"
  | "bad-event"
  | "event-too-long"
  | "unknown-code"
  | "foreign-too-long"
  | "comment"
  | "bad-header"
  | "size-guessed"
  | "size-late"
  | "start-guessed"
  | "time-backwards"
  | "time-too-far"
  | "no-timing"
  | "bad-timing"
  | "data-missing"
  | "data-left"
  | "input-missing"
  | "bad-resize"
  | "bad-exit"
  | "after-exit"
  | "no-exit"
  | "not-utf8"
  | "bad-text"
  // What an exporter can't write down.
  | "replaced-bytes"
  | "masked-left"
  | "input-left"
  | "resize-left"
  | "event-left"
  | "start-left";

export interface Finding {
  readonly kind: FindingKind;
  /** How often. */
  readonly count: number;
  /** What it is counted in, and what it first was: a line, a byte, a frame. Undefined when that says nothing. */
  readonly first: number | undefined;
  /** Bytes that were left out or replaced, in all. */
  readonly bytes: number;
}

/** Adds up findings: of each kind one, however hostile the file is. */
export class Findings {
  readonly #found = new Map<FindingKind, { count: number; first: number | undefined; bytes: number }>();

  /** `place`: the line or event (from 1) or byte (from 0) where it was found. */
  add(kind: FindingKind, place?: number, bytes = 0): void {
    const known = this.#found.get(kind);
    if (known === undefined) this.#found.set(kind, { count: 1, first: place, bytes });
    else {
      known.count++;
      known.bytes += bytes;
    }
  }

  get all(): readonly Finding[] {
    return [...this.#found].map(([kind, { count, first, bytes }]) => ({ kind, count, first, bytes }));
  }
}

/** A finding in one sentence. */
export function findingText({ kind, count, first, bytes }: Finding): string {
  const some = (one: string, many: string) => (count === 1 ? `one ${one}` : `${count} ${many}`);
  const at = first === undefined ? "" : count === 1 ? ` (line ${first})` : ` (the first in line ${first})`;
  switch (kind) {
    case "cut-short":
      return bytes === 0
        ? "The file is cut short."
        : `The file is cut short in the middle of an event, whose ${bytes} bytes are left out.`;
    case "compressed-cut":
      return "The compressed file is cut short or damaged; everything before that is there.";
    case "bad-event":
      return `Left out: ${some("line that is no event", "lines that are no events")}${at}.`;
    case "event-too-long":
      return `Left out: ${some("event that is too long", "events that are too long")}, ${bytes} bytes${at}.`;
    case "unknown-code":
      return `Kept as they stand: ${some("event of an unknown kind", "events of unknown kinds")}${at}.`;
    case "foreign-too-long":
      return `Left out: ${some("event of an unknown kind, or label, that is too long", "events of unknown kinds, or labels, that are too long")}, ${bytes} bytes${at}.`;
    case "comment":
      return `Left out: ${some("comment", "comments")}${at}.`;
    case "bad-header":
      return "Parts of the header are not as they should be, and were not used.";
    case "size-guessed":
      return "The file does not say how big the terminal was; 80 × 24 is a guess.";
    case "size-late":
      return "The terminal's size stands behind the output; up to there 80 × 24 is a guess.";
    case "start-guessed":
      return "The file does not say when the session was; the start is a guess from the file's own time.";
    case "time-backwards":
      return `Times that run backwards: ${some("event", "events")}${at}; the time of the event before was used.`;
    case "time-too-far":
      return `Times that can't be (a year or more of pause): ${some("event", "events")}${at}; the time of the event before was used.`;
    case "no-timing":
      return "There is no timing: everything stands at the start of the session.";
    case "bad-timing":
      return `Left out: ${some("timing line that says nothing", "timing lines that say nothing")}${at}.`;
    case "data-missing":
      return `The timing speaks of ${bytes} bytes that are not in the typescript.`;
    case "data-left":
      return `The typescript has ${bytes} bytes that the timing does not speak of; they stand at the end.`;
    case "input-missing":
      return `Left out: ${bytes} bytes of input, whose file was not given (--input).`;
    case "bad-resize":
      return `Left out: ${some("size that is none", "sizes that are none")}${at}.`;
    case "bad-exit":
      return `Kept as they stand: ${some("exit status that is none", "exit statuses that are none")}${at}.`;
    case "after-exit":
      return `Behind the exit status: ${some("more event", "more events")}${at}; the end was put behind them.`;
    case "no-exit":
      return "The file does not say how the command ended.";
    case "not-utf8":
      return `Not in UTF-8: ${some("text", "texts")}${at}; the bytes were kept as they are.`;
    case "bad-text":
      return `Half characters (lone surrogates): ${some("text", "texts")}${at}; U+FFFD stands for them.`;
    case "replaced-bytes":
      return `Bytes that are not UTF-8, which the format can't hold: ${bytes}; U+FFFD stands for them.`;
    case "masked-left":
      return `Left out: ${bytes} bytes of typed passwords, of which only the number is known.`;
    case "input-left":
      return `Left out: ${bytes} bytes of input, which the format can't hold.`;
    case "resize-left":
      return "Left out: sizes of the terminal, which the format can't hold.";
    case "event-left":
      return `Left out: ${some("event", "events")} of kinds that the format can't hold.`;
    case "start-left":
      return "The start of the session is out of the format's reach; its times count from 0.";
  }
}
