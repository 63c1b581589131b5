import type { Language } from "./findings.js";

/** One piece of program text, as far as looking for literals needs. */
export type Token =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "name"; readonly value: string }
  | { readonly kind: "punct"; readonly value: string };

/** Ways to name the user's home directory. */
const HOME =
  /(?:os\.)?environ(?:\.get\(|\[)\s*["']HOME["']\s*(?:,\s*["'][^"'\n]{0,80}["']\s*)?[\])]|(?:os\.)?getenv\(\s*["']HOME["']\s*\)|(?:pathlib\.)?Path\.home\(\)|(?:os\.path\.)?expanduser\(\s*["']~["']\s*\)|(?:require\(["'](?:node:)?os["']\)|os)?\.?homedir\(\)|process\.env\.HOME|process\.env\[["']HOME["']\]|ENV\[["']HOME["']\]|ENV\.fetch\(["']HOME["']\)|Dir\.home|\$ENV\{["']?HOME["']?\}|getenv\(["']HOME["']\)/y;

const NAME = /[A-Za-z_$@][\w$]*/y;
const SPACE = /[\s\\]+/y;
const STRING_PREFIX = /(?:[rbuf]|rb|br|fr|rf)(?=["'])/iy;
const INTERPOLATED_HOME =
  /^(?:process\.env\.HOME|os\.homedir\(\)|homedir\(\)|home|HOME|os\.environ\[["']HOME["']\]|Path\.home\(\)|ENV\[["']HOME["']\]|Dir\.home)$/;

/** Splits program text into strings, names and punctuation. Comments are dropped. Linear in the text. */
export function tokens(text: string, language: Language): readonly Token[] {
  const found: Token[] = [];
  const hash = language !== "javascript";
  let at = 0;
  const eat = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match === null) return undefined;
    at = form.lastIndex;
    return match[0];
  };
  while (at < text.length) {
    if (eat(SPACE) !== undefined) continue;
    const c = text.charAt(at);
    if ((hash && c === "#") || (language !== "python" && c === "/" && text.charAt(at + 1) === "/")) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (language !== "python" && c === "/" && text.charAt(at + 1) === "*") {
      const end = text.indexOf("*/", at + 2);
      at = end < 0 ? text.length : end + 2;
      continue;
    }
    if (eat(HOME) !== undefined) {
      found.push({ kind: "string", value: "~" });
      continue;
    }
    const prefix = eat(STRING_PREFIX);
    const quote = text.charAt(at);
    if (quote === '"' || quote === "'" || quote === "`") {
      const raw = prefix !== undefined && /r/i.test(prefix);
      const [value, end] = readString(text, at, raw);
      found.push(
        quote === "`" && (language === "ruby" || language === "perl" || language === "php")
          ? { kind: "name", value: "`" }
          : { kind: "punct", value: "" },
      );
      found.push({ kind: "string", value });
      at = end;
      continue;
    }
    const name = eat(NAME);
    if (name !== undefined) {
      found.push({ kind: "name", value: name });
      continue;
    }
    found.push({ kind: "punct", value: c });
    at++;
  }
  return found.filter((token) => token.value !== "" || token.kind === "string");
}

/** A string literal from its opening quote on: its value and where it ends. */
function readString(text: string, from: number, raw: boolean): readonly [string, number] {
  const quote = text.charAt(from);
  const triple = text.startsWith(quote.repeat(3), from) && quote !== "`";
  const close = triple ? quote.repeat(3) : quote;
  let value = "";
  let i = from + close.length;
  while (i < text.length && !text.startsWith(close, i)) {
    const c = text.charAt(i);
    if (c === "\n" && !triple && quote !== "`") break;
    if (c === "\\" && i + 1 < text.length) {
      value += raw ? c + text.charAt(i + 1) : escaped(text.charAt(i + 1));
      i += 2;
      continue;
    }
    // Template and f-string holes: a home directory is known, the rest stays open.
    const open = c === "{" || ((c === "$" || c === "#") && text.charAt(i + 1) === "{");
    const end = open ? text.indexOf("}", i) : -1;
    if (end > 0 && end - i < 200) {
      const hole = text.slice(i, end + 1).replace(/^[$#]?\{|\}$/g, "");
      if (INTERPOLATED_HOME.test(hole.trim())) {
        value = `${value.replace(/\$ENV$/, "")}~`;
        i = end + 1;
        continue;
      }
    }
    value += c;
    i++;
  }
  return [value, Math.min(i + close.length, text.length)];
}

const escaped = (c: string): string => ({ n: "\n", t: "\t", r: "\r", "0": "\0" })[c] ?? c;
