import type { SessionEvent } from "../core/event.js";
import type { LineSource, SessionLine } from "../core/sessionLine.js";
import type { Micros, Seq } from "../core/units.js";
import { type Wanted, wantedRegex } from "../session/search.js";
import { SessionText } from "../session/sessionText.js";
import { fold } from "../sigma/fold.js";

/** A line of the session that holds what was searched. As recorded: not safe yet. */
export interface SearchHit {
  readonly source: LineSource;
  readonly at: Micros;
  readonly seq: Seq;
  /** What matched. */
  readonly text: string;
}

/** More are not found: nobody looks at them one by one. */
export const MOST_HITS = 10_000;

/** What is looked for, from what a person typed: a regular expression. @throws BodycamError `bad-usage` */
export const wantedFrom = (query: string): Wanted => wantedRegex(query);

/**
 * Goes through a session's events and gives what is found in all that was ever on its screen, typed, declared or run,
 * in order, after each event (most give nothing).
 */
export function* searchEvents(
  events: Iterable<SessionEvent>,
  wanted: Wanted,
): Generator<readonly SearchHit[], void> {
  const text = new SessionText();
  const required = wanted.required.map((texts) => texts.filter((one) => one !== ""));
  let last: SessionLine | undefined;
  let count = 0;
  const look = (lines: readonly SessionLine[]): readonly SearchHit[] => {
    const hits: SearchHit[] = [];
    for (const line of lines) {
      if (!mayHold(line.text, required)) continue;
      const span = wanted.find(line.text);
      if (span === undefined || span.start === span.end) continue;
      // Rows that a program wrapped are told one by one and joined as well.
      const again =
        last?.seq === line.seq && (last.text.includes(line.text) || line.text.includes(last.text));
      last = line;
      if (again) continue;
      const { source, at, seq } = line;
      hits.push({ source, at, seq, text: line.text.slice(span.start, span.end) });
    }
    count += hits.length;
    return hits;
  };
  for (const event of events) {
    yield look(text.event(event));
    if (count >= MOST_HITS) return;
  }
  yield look(text.settle());
}

/** Much faster than the expression itself: most lines end here. */
function mayHold(line: string, required: readonly (readonly string[])[]): boolean {
  if (required.length === 0) return true;
  const folded = fold(line);
  return required.every((texts) => texts.length === 0 || texts.some((text) => folded.includes(text)));
}
