import { looksLikePath } from "../shell/paths.js";
import { actOf, isJoin, isShellCall, opensFile, takesWords } from "./calls.js";
import type { CodeCommand, CodeFindings, FileAct, Language } from "./findings.js";
import { looksLikeSql } from "./sqlText.js";
import { type Token, tokens } from "./tokens.js";

/** Program text beyond this is not read. */
const LONGEST = 256 * 1024;
const MOST_FINDINGS = 256;
/** A value put together from literals is followed up to this length. */
const LONGEST_VALUE = 8 * 1024;

/** One open parenthesis, bracket or brace, with what has been seen inside it. */
interface Frame {
  readonly open: string;
  readonly callee: string;
  readonly values: string[];
  /** The name that the next value inside is given to, and the keyword that it stands under. */
  assigning?: string | undefined;
  keyword?: string | undefined;
}

/**
 * What a program does, as far as its literals tell: commands it starts, files and SQL among its strings.
 * Strings joined with `+`, `/` (Python's paths) and calls such as `os.path.join` are put together, and names given
 * a literal are followed. Nothing is run. Linear in the text; never throws.
 */
export function scanCode(text: string, language: Language): CodeFindings {
  const scanner = new Scanner(language);
  scanner.read(tokens(text.slice(0, LONGEST), language));
  return scanner.findings();
}

class Scanner {
  readonly #language: Language;
  readonly #commands: CodeCommand[] = [];
  readonly #files: FileAct[] = [];
  readonly #statements: string[] = [];
  readonly #urls: string[] = [];
  readonly #seen = new Set<string>();
  readonly #looked = new Set<string>();
  readonly #known = new Map<string, string>();
  readonly #outermost: Frame = { open: "", callee: "", values: [] };
  #frames: Frame[] = [this.#outermost];
  /** The value being put together, and whether the next part joins it with a slash. */
  #value: string | undefined;
  #joint: "" | "/" | undefined;
  /** The dotted name just read. */
  #name = "";

  constructor(language: Language) {
    this.#language = language;
  }

  findings(): CodeFindings {
    return { commands: this.#commands, files: this.#files, statements: this.#statements, urls: this.#urls };
  }

  read(list: readonly Token[]): void {
    for (const [i, token] of list.entries()) {
      if (token.kind === "string") this.#part(token.value);
      else if (token.kind === "name") this.#named(token.value, list[i + 1]);
      else this.#punct(token.value, list[i + 1]);
    }
    this.#finish();
    while (this.#frames.length > 1) this.#close();
    this.#argument();
  }

  #part(literal: string): void {
    const text = literal.replace(
      /[$#]?\{(\w{1,40})\}/g,
      (hole, name: string) => this.#known.get(name) ?? hole,
    );
    if (this.#name === "`" || this.#name === "qx") this.#command([text], "`");
    if (this.#value !== undefined && this.#joint !== undefined) {
      if (this.#value.length < LONGEST_VALUE) this.#value += joined(this.#value, this.#joint, text);
    } else {
      this.#finish();
      this.#value = text;
    }
    this.#joint = undefined;
    this.#bareCall(text);
  }

  /** `system "rm -rf x"`: Ruby and Perl call without parentheses. */
  #bareCall(text: string): void {
    if (this.#language !== "ruby" && this.#language !== "perl") return;
    if (this.#name === "system" || this.#name === "exec") this.#command([text], this.#name);
    this.#name = "";
  }

  #named(name: string, next: Token | undefined): void {
    const known = this.#known.get(name);
    if (known !== undefined && next?.value !== "=" && next?.value !== ".") {
      this.#part(known);
      return;
    }
    if (this.#joint === undefined) this.#finish();
    this.#name = this.#name.endsWith(".") ? this.#name + name : name;
    if (this.#name.length > 200) this.#name = name;
  }

  #punct(c: string, next: Token | undefined): void {
    switch (c) {
      case "(":
      case "[":
      case "{":
        if (this.#joint !== undefined && this.#name === "") this.#joint = undefined;
        this.#frames.push({ open: c, callee: c === "(" ? this.#name : "", values: [] });
        if (this.#frames.length > 500) this.#frames = this.#frames.slice(-250);
        this.#name = "";
        if (c !== "(" || this.#value !== undefined) this.#finish();
        break;
      case ")":
      case "]":
      case "}":
        this.#close();
        break;
      case ",":
        this.#finish();
        this.#frame.keyword = undefined;
        break;
      case "+":
        this.#joint = "";
        break;
      case "/":
        this.#joint = this.#value === undefined ? undefined : "/";
        break;
      case ".":
        if (this.#language === "php" || this.#language === "perl") this.#joint = "";
        this.#name = this.#name === "" ? "" : `${this.#name}.`;
        if (this.#value !== undefined && next?.kind === "name") this.#name = ".";
        break;
      case "=":
      case ":":
        if (next?.value === "=" || next?.value === ">") break;
        if (/^[({]$/.test(this.#frame.open)) this.#frame.keyword = this.#name;
        if (c === "=" && this.#frame.open !== "(") this.#frame.assigning = this.#name;
        this.#name = "";
        break;
      case ";":
        this.#finish();
        this.#frame.assigning = undefined;
        this.#name = "";
        break;
      default:
        this.#finish();
        this.#name = "";
    }
  }

  /** The value being put together is whole. */
  #finish(): void {
    const value = this.#value;
    this.#value = undefined;
    this.#joint = undefined;
    if (value === undefined) return;
    const frame = this.#frame;
    const { assigning, keyword } = frame;
    if (assigning !== undefined && this.#known.size < 1_000) this.#known.set(assigning, value);
    frame.assigning = undefined;
    if (frame.values.length >= MOST_FINDINGS) return;
    // Options such as `cwd="/srv"` or `{ stdio: "inherit" }` are not what is run.
    const option = keyword !== undefined && !/^(args|argv|cmd|command|program)$/.test(keyword);
    if (!option) frame.values.push(value);
    else this.#look(value, "");
  }

  get #frame(): Frame {
    return this.#frames.at(-1) ?? this.#outermost;
  }

  #close(): void {
    this.#finish();
    const frame = this.#frames.length > 1 ? this.#frames.pop() : undefined;
    if (frame === undefined) return;
    const outer = this.#frame;
    if (frame.open !== "(") {
      this.#name = "";
      outer.values.push(...frame.values.slice(0, MOST_FINDINGS));
      return;
    }
    if (isJoin(frame.callee)) {
      const path = frame.values.reduce((whole, part) => whole + joined(whole, "/", part), "");
      if (path !== "") this.#part(path);
      this.#name = "";
      return;
    }
    if (isShellCall(frame.callee, this.#language)) {
      this.#command(frame.values, frame.callee);
      this.#name = "";
      return;
    }
    const single = frame.values.length === 1 ? frame.values[0] : undefined;
    const renames = actOf(frame.callee) === "rename" && frame.values.length >= 2;
    if (renames) this.#rename(frame.values);
    else for (const [i, value] of frame.values.entries()) this.#look(value, frame.callee, i);
    // What a call such as `Path("…")`, `open("…")` or `str("…")` gives still stands for its path.
    if (
      single !== undefined &&
      outer !== undefined &&
      (frame.callee === "" || /^[A-Z]|[Pp]ath$|^(str|String|url|uri)$/.test(frame.callee))
    )
      this.#value = single;
    this.#name = "";
  }

  #argument(): void {
    for (const value of this.#outermost.values) this.#look(value, "");
  }

  #rename(values: readonly string[]): void {
    const [path, to] = values;
    if (path !== undefined && to !== undefined && this.#files.length < MOST_FINDINGS)
      this.#files.push({ act: "rename", path, to });
  }

  #look(value: string, callee: string, place = 0): void {
    if (this.#seen.has(`${callee}\0${value}`) || (callee === "" && this.#looked.has(value))) return;
    this.#seen.add(`${callee}\0${value}`);
    this.#looked.add(value);
    if (this.#files.length + this.#statements.length + this.#urls.length > MOST_FINDINGS) return;
    if (looksLikeSql(value)) this.#statements.push(value);
    else if (/^(https?|wss?|ftp|stratum\+\w+):\/\//.test(value)) this.#urls.push(value);
    else if (looksLikePath(value) || (place === 0 && opensFile(callee) && /^[\w.@-]{1,200}$/.test(value))) {
      const act = actOf(callee) ?? "read";
      if (act === "copy") this.#files.push({ act: place === 0 ? "read" : "write", path: value });
      else if (act === "rename") this.#files.push({ act: "write", path: value });
      else this.#files.push({ act, path: value });
    }
  }

  #command(values: readonly string[], callee: string): void {
    const [first] = values;
    if (first === undefined || this.#commands.length >= MOST_FINDINGS) return;
    if (values.length === 1 && !takesWords(callee)) this.#commands.push({ kind: "script", text: first });
    else this.#commands.push({ kind: "argv", argv: [...values] });
  }
}

function joined(whole: string, joint: "" | "/", part: string): string {
  if (joint === "" || whole === "") return part;
  return whole.endsWith("/") ? part.replace(/^\//, "") : part.startsWith("/") ? part : `/${part}`;
}
