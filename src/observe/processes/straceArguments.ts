/** An argument of a system call, as strace prints it. */
export type Argument =
  | { readonly kind: "text"; readonly text: string; readonly cut: boolean }
  | { readonly kind: "list"; readonly items: readonly Argument[]; readonly cut: boolean }
  /** A number, a flag, a pointer, a structure: as printed. `path`: what a file descriptor stands for. */
  | { readonly kind: "word"; readonly word: string; readonly path: string | undefined };

export interface Call {
  readonly args: readonly Argument[];
  /** What the call returned; undefined where it never did or the line is cut. */
  readonly result: number | undefined;
  /** The path of the file descriptor that the call returned. */
  readonly resultPath: string | undefined;
  /** The name of the error, such as `ENOENT`. */
  readonly error: string | undefined;
  /** The same process in the tracer's numbers, where the caller lives in a PID namespace of its own. */
  readonly translated: number | undefined;
}

const MAX_ITEMS = 65_536;
const RESULT =
  /^\s*= (-?\d{1,20}|0x[0-9a-f]{1,16}|\?)(?:<([^>]*)>)?(?: (E[A-Z0-9]{1,20})\b)?(?: \/\* (\d{1,10}) in strace's PID NS \*\/)?/;

/** Takes the text after `name(` apart: arguments and result. Never throws; a cut line gives what is there. */
export function readCall(rest: string): Call {
  const { items, at } = readList(rest, 0, ")", 0);
  const result = RESULT.exec(rest.slice(at, at + 8192));
  const value = result?.[1] === undefined || result[1] === "?" ? undefined : Number(result[1]);
  return {
    args: items,
    result: value !== undefined && Number.isFinite(value) ? value : undefined,
    resultPath: result?.[2]?.startsWith("/") ? withoutEscapes(result[2]) : undefined,
    error: result?.[3],
    translated: result?.[4] === undefined ? undefined : Number(result[4]),
  };
}

/** Reads values up to `end`; gives the place behind it. */
function readList(text: string, from: number, end: string, depth: number) {
  const items: Argument[] = [];
  let cut = false;
  let at = from;
  while (at < text.length) {
    const c = text[at] as string;
    if (c === end) return { items, at: at + 1, cut };
    if (c === "," || c === " ") {
      at++;
    } else if (text.startsWith("...", at)) {
      cut = true;
      at += 3;
    } else if (c === '"') {
      const string = readString(text, at);
      at = string.at;
      if (items.length < MAX_ITEMS) items.push({ kind: "text", text: string.text, cut: string.cut });
    } else if (c === "[" && depth === 0) {
      const list = readList(text, at + 1, "]", 1);
      at = list.at;
      items.push({ kind: "list", items: list.items, cut: list.cut });
    } else {
      const word = readWord(text, at, end);
      // A stray closing bracket of another kind must not stop the reading.
      at = Math.max(word.at, at + 1);
      if (items.length < MAX_ITEMS) items.push(word.argument);
    }
  }
  return { items, at, cut: true };
}

const OPENING = "([{";
const CLOSING = ")]}";

/** A word up to a comma or `end` of its own level; quoted strings and brackets within are passed over. */
function readWord(text: string, from: number, end: string): { argument: Argument; at: number } {
  let level = 0;
  let at = from;
  let path: string | undefined;
  while (at < text.length) {
    const c = text[at] as string;
    if (level === 0 && (c === "," || c === end)) break;
    if (c === '"') {
      at = readString(text, at).at;
      continue;
    }
    if (c === "<" && level === 0) {
      const close = text.indexOf(">", at);
      if (close > at && text[at + 1] === "/") {
        path ??= withoutEscapes(text.slice(at + 1, close));
        at = close + 1;
        continue;
      }
    }
    if (text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      at = close < 0 ? text.length : close + 2;
      continue;
    }
    if (OPENING.includes(c)) level++;
    else if (CLOSING.includes(c) && level > 0) level--;
    at++;
  }
  return { argument: { kind: "word", word: text.slice(from, at).trimEnd(), path }, at };
}

/** A quoted string that begins at `from`, without what strace left out (`"..."...`). */
export function readString(text: string, from: number): { text: string; at: number; cut: boolean } {
  let close = from + 1;
  while (close < text.length && text[close] !== '"') close += text[close] === "\\" ? 2 : 1;
  const whole = close < text.length;
  const inner = text.slice(from + 1, Math.min(close, text.length));
  const cut = text.startsWith("...", close + 1);
  return {
    text: withoutEscapes(inner),
    at: Math.min(text.length, close + 1 + (cut ? 3 : 0)),
    cut: cut || !whole,
  };
}

const SINGLE: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, e: 27 };
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Undoes C escapes; the bytes are read as UTF-8, with U+FFFD for what is none. */
function withoutEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 92) {
      bytes.push(code & 0xff);
      continue;
    }
    const next = text[++i];
    if (next === undefined) break;
    if (next >= "0" && next <= "7") {
      const digits = (/^[0-7]{1,3}/.exec(text.slice(i, i + 3)) as RegExpExecArray)[0];
      bytes.push(Number.parseInt(digits, 8) & 0xff);
      i += digits.length - 1;
    } else if (next === "x") {
      const digits = /^[0-9a-fA-F]{1,2}/.exec(text.slice(i + 1, i + 3))?.[0] ?? "";
      bytes.push(digits === "" ? 120 : Number.parseInt(digits, 16));
      i += digits.length;
    } else {
      bytes.push(SINGLE[next] ?? next.charCodeAt(0) & 0xff);
    }
  }
  return decoder.decode(Uint8Array.from(bytes));
}
