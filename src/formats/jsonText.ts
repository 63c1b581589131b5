import { isUtf8 } from "node:buffer";

/** How deep a header may be nested, and how many values it may have: real ones have three levels and some dozens. */
const DEEPEST = 16;
const MOST_VALUES = 4096;

/**
 * The value of a JSON text; undefined when it is none, or so deep or so rich that it is no header but an attack:
 * a megabyte of brackets would become a hundred of objects.
 */
export function parseSmallJson(text: string): unknown {
  if (!isModest(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isModest(text: string): boolean {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"': {
        const end = stringEnd(text, at);
        if (end === undefined) return false;
        at = end - 1;
        break;
      }
      case "[":
      case "{":
        if (++depth > DEEPEST || ++values > MOST_VALUES) return false;
        break;
      case "]":
      case "}":
        depth--;
        break;
      case ",":
        if (++values > MOST_VALUES) return false;
        break;
    }
  }
  return true;
}

/** Where the JSON string that begins at `at` ends (behind its closing quote); undefined when it does not. */
export function stringEnd(text: string, at: number): number | undefined {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text[before] === "\\") before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return undefined;
}

/** The bytes that a JSON string stands for. */
export interface StringBytes {
  readonly bytes: Uint8Array;
  /** Something in it was not as it should be: raw bytes that are no UTF-8, or half characters. */
  readonly flaw: "not-utf8" | "bad-text" | undefined;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The bytes that a JSON string (in quotes) stands for, in UTF-8. Raw bytes in it that are no UTF-8 stay as they are,
 * and so do raw controls: some recorders write them. Undefined when it is no string even so.
 */
export function bytesOfString(string: Buffer): StringBytes | undefined {
  if (!isUtf8(string)) return lenientBytes(string.toString("latin1"), "not-utf8");
  try {
    const text: unknown = JSON.parse(string.toString("utf8"));
    if (typeof text !== "string") return undefined;
    return { bytes: Buffer.from(text), flaw: LONE_SURROGATE.test(text) ? "bad-text" : undefined };
  } catch {
    return lenientBytes(string.toString("latin1"), undefined);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** `raw` has a character for each byte. */
function lenientBytes(raw: string, flaw: StringBytes["flaw"]): StringBytes | undefined {
  const parts: Buffer[] = [];
  let from = 1;
  const end = raw.length - 1;
  let found = flaw;
  for (let at = raw.indexOf("\\", from); at >= 0 && at < end; at = raw.indexOf("\\", from)) {
    parts.push(Buffer.from(raw.slice(from, at), "latin1"));
    const run = /(?:\\u[0-9a-fA-F]{4}){1,2}/y;
    run.lastIndex = at;
    const units = run.exec(raw)?.[0];
    if (units === undefined) {
      const plain = ESCAPES[raw[at + 1] ?? ""];
      if (plain === undefined) return undefined;
      parts.push(Buffer.from(plain));
      from = at + 2;
      continue;
    }
    const codes = (units.match(/[0-9a-fA-F]{4}/g) ?? []).map((hex) => Number.parseInt(hex, 16));
    const [first = 0, second] = codes;
    const pair = isHigh(first) && second !== undefined && isLow(second);
    const text = String.fromCharCode(...(pair ? codes : [first]));
    if (LONE_SURROGATE.test(text)) found ??= "bad-text";
    parts.push(Buffer.from(text));
    from = at + (pair ? 12 : 6);
  }
  parts.push(Buffer.from(raw.slice(from, end), "latin1"));
  return { bytes: Buffer.concat(parts), flaw: found };
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
