import { displayText } from "../core/displayText.js";
import type { Exit, SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { isForeignRest } from "./castEvent.js";
import { writeCastHeader } from "./castHeader.js";
import type { Findings } from "./findings.js";
import { Utf8Stream } from "./utf8Stream.js";

export interface CastOptions {
  readonly version: 2 | 3;
  /** Wall clock at the start, microseconds since 1970. */
  readonly startedAt: number;
  /** In the order of their moments; each becomes a marker. */
  readonly flags: readonly Flag[];
}

/**
 * A session as an asciicast, in lines. Its text is UTF-8 by the specification: what a session holds beside that
 * becomes U+FFFD. Times are kept to the microsecond. Gaps become markers, so that nobody takes them for silence.
 */
export function* writeAsciicast(
  events: Iterable<SessionEvent>,
  options: CastOptions,
  findings: Findings,
): Generator<string, void> {
  const { version, startedAt, flags } = options;
  const streams = { o: new Utf8Stream(), i: new Utf8Stream() };
  let last = 0;
  const line = (at: number, rest: string): string => {
    const time = version === 3 ? at - last : at;
    last = at;
    return `[${seconds(time)}, ${rest}]\n`;
  };
  const text = (code: "o" | "i", at: number, piece: { text: string; replaced: number }): string => {
    if (piece.replaced > 0) findings.add("replaced-bytes", undefined, piece.replaced);
    return line(at, `"${code}", ${quoted(piece.text)}`);
  };
  const rest = function* (at: number): Generator<string, void> {
    for (const code of ["o", "i"] as const) {
      const piece = streams[code].end();
      if (piece.text !== "") yield text(code, at, piece);
    }
  };
  const open = { flag: 0, ended: false };
  const marks = function* (before: number): Generator<string, void> {
    for (let flag = flags[open.flag]; flag !== undefined && flag.at < before; flag = flags[++open.flag])
      yield line(Math.max(last, flag.at), `"m", ${quoted(labelOf(flag))}`);
  };
  for (const event of events) {
    yield* marks(event.at);
    switch (event.kind) {
      case "open":
        yield `${writeCastHeader(version, event.meta, startedAt)}\n`;
        break;
      case "output":
        yield text("o", event.at, streams.o.push(event.data));
        break;
      case "input":
        yield text("i", event.at, streams.i.push(event.data));
        break;
      case "resize":
        yield line(event.at, `"r", "${event.size.cols}x${event.size.rows}"`);
        break;
      case "masked":
        findings.add("masked-left", undefined, event.bytes);
        break;
      case "gap": {
        const { outputBytes, inputBytes } = event.gap;
        yield line(event.at, `"m", ${quoted(`${outputBytes + inputBytes} bytes are missing here`)}`);
        break;
      }
      case "notice":
        if (event.notice.what === "marker") yield line(event.at, `"m", ${quoted(event.notice.detail)}`);
        else if (event.notice.what === "foreign" && isForeignRest(event.notice.detail))
          yield line(event.at, oneLine(event.notice.detail));
        else if (event.notice.what !== "import") findings.add("event-left");
        break;
      case "end": {
        yield* marks(Number.POSITIVE_INFINITY);
        yield* rest(event.at);
        open.ended = true;
        const status = statusOf(event.exit);
        if (status !== undefined) yield line(Math.max(last, event.at), `"x", "${status}"`);
        break;
      }
      default:
        findings.add("event-left");
    }
  }
  if (open.ended) return;
  yield* marks(Number.POSITIVE_INFINITY);
  yield* rest(last);
}

/** `12.345`, to the microsecond where there are any. */
function seconds(micros: number): string {
  const fraction = String(micros % 1e6).padStart(6, "0");
  return `${Math.floor(micros / 1e6)}.${fraction.endsWith("000") ? fraction.slice(0, 3) : fraction}`;
}

/**
 * What a terminal could act on, or a reader not see. JSON escapes only the C0 controls; with these escaped as well,
 * the file can be looked at safely, and means the same.
 */
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const escaped = (json: string): string =>
  json.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const quoted = (text: string): string => escaped(JSON.stringify(text));

/** A foreign event is JSON; what breaks its line stands between its parts. */
const oneLine = (rest: string): string => escaped(rest.replace(/[\r\n]+/g, " "));

const labelOf = (flag: Flag): string => displayText(`${flag.rule.level}: ${flag.rule.sentence}`);

function statusOf(exit: Exit): number | undefined {
  switch (exit.by) {
    case "exit":
      return exit.code;
    case "signal":
      return 128 + exit.number;
    case "unknown":
      return undefined;
  }
}
