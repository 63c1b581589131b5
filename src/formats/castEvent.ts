import type { TerminalSize } from "../core/event.js";
import type { Micros } from "../core/units.js";
import type { Findings } from "./findings.js";
import { type ForeignBody, isSide, LONGEST_FOREIGN, type Read } from "./foreign.js";
import { bytesOfString, parseSmallJson, stringEnd } from "./jsonText.js";

/** An event of an asciicast, taken apart and not yet understood. */
export interface CastEvent {
  /** In seconds: since the start, or since the event before. */
  readonly time: number;
  /** `o` in version 1, where all is output. */
  readonly code: string;
  /** The data in its quotes, as it stands; undefined when it is no string. */
  readonly data: Buffer | undefined;
  /** Code and data as they stand. */
  readonly rest: Buffer;
}

const TIME = /[ \t\r\n]*\[[ \t\r\n]*(-?\d[^, \t\r\n]{0,40})[ \t\r\n]*,[ \t\r\n]*/y;
const COMMA = /[ \t\r\n]*,[ \t\r\n]*/y;
const END = /[ \t\r\n]*\][ \t\r\n]*$/y;

/** `[time, "code", data]`, or `[time, "data"]` with `coded` false. Undefined for anything else. */
export function parseCastEvent(bytes: Buffer, coded: boolean): CastEvent | undefined {
  const line = bytes.toString("latin1");
  const time = match(TIME, line, 0);
  const seconds = Number(time?.[1]);
  if (time === undefined || Number.isNaN(seconds)) return undefined;
  const start = time[0].length;
  let at = start;
  let code = "o";
  if (coded) {
    const end = line[at] === '"' ? stringEnd(line, at) : undefined;
    const comma = end === undefined ? undefined : match(COMMA, line, end);
    if (end === undefined || comma === undefined) return undefined;
    code = line.slice(at + 1, end - 1);
    at = end + comma[0].length;
  }
  const end = line[at] === '"' ? stringEnd(line, at) : undefined;
  if (end !== undefined && match(END, line, end) !== undefined)
    return { time: seconds, code, data: bytes.subarray(at, end), rest: bytes.subarray(start, end) };
  if (end !== undefined || !coded || line.length > LONGEST_FOREIGN) return undefined;
  if (!Array.isArray(parseSmallJson(line))) return undefined;
  const rest = bytes.subarray(start, line.trimEnd().length - 1);
  return { time: seconds, code, data: undefined, rest };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** What an event of version 2 or 3 means; undefined when it is left out. `line` is for findings. */
export function readCastEvent(
  event: CastEvent,
  at: Micros,
  line: number,
  findings: Findings,
): Read | undefined {
  const { code, data } = event;
  switch (data === undefined ? "?" : code) {
    case "o":
    case "i": {
      const bytes = dataOf(event, line, findings);
      const kind = code === "i" ? "input" : "output";
      return bytes === undefined ? undefined : { kind: "event", at, body: { kind, data: bytes } };
    }
    case "r": {
      const size = sizeOf(event, line, findings);
      return size === undefined ? undefined : { kind: "event", at, body: { kind: "resize", size } };
    }
    case "m": {
      const label = dataOf(event, line, findings);
      if (label === undefined) return undefined;
      if (label.length <= LONGEST_FOREIGN) return notice(at, "marker", Buffer.from(label).toString("utf8"));
      findings.add("foreign-too-long", line, label.length);
      return undefined;
    }
    case "x": {
      const status = dataOf(event, line, findings);
      const number = status === undefined ? "" : Buffer.from(status).toString("latin1").trim();
      if (/^-?\d{1,9}$/.test(number)) return { kind: "exit", at, exit: { by: "exit", code: Number(number) } };
      findings.add("bad-exit", line);
      return foreign(event, at, line, findings);
    }
    default:
      findings.add("unknown-code", line);
      return foreign(event, at, line, findings);
  }
}

function dataOf({ data }: CastEvent, line: number, findings: Findings): Uint8Array | undefined {
  const string = data === undefined ? undefined : bytesOfString(data);
  if (string === undefined) findings.add("bad-event", line);
  else if (string.flaw !== undefined) findings.add(string.flaw, line);
  return string?.bytes;
}

function sizeOf(event: CastEvent, line: number, findings: Findings): TerminalSize | undefined {
  const data = dataOf(event, line, findings);
  if (data === undefined) return undefined;
  const sides = /^(\d{1,5})x(\d{1,5})$/.exec(Buffer.from(data).toString("latin1").trim());
  const [cols, rows] = [Number(sides?.[1]), Number(sides?.[2])];
  if (isSide(cols) && isSide(rows)) return { cols, rows, xpixel: 0, ypixel: 0 };
  findings.add("bad-resize", line);
  return undefined;
}

/** An event that is kept as it stands, when an export could write it again. */
function foreign({ rest }: CastEvent, at: Micros, line: number, findings: Findings): Read | undefined {
  const text = rest.toString("utf8");
  if (rest.length <= LONGEST_FOREIGN && isForeignRest(text)) return notice(at, "foreign", text);
  findings.add(rest.length > LONGEST_FOREIGN ? "foreign-too-long" : "bad-event", line, rest.length);
  return undefined;
}

/** Whether a text is the code and data of an asciicast's event. */
export const isForeignRest = (text: string): boolean => {
  const parts = parseSmallJson(`[${text}]`);
  return Array.isArray(parts) && parts.length >= 2 && typeof parts[0] === "string";
};

const notice = (at: Micros, what: "marker" | "foreign", detail: string): Read => ({
  kind: "event",
  at,
  body: { kind: "notice", notice: { what, detail } } satisfies ForeignBody,
});
