import type { Exit } from "../core/event.js";
import { type Head, isSide } from "./foreign.js";

/** What a typescript's first line and its timing's headers say. */
export interface ScriptHeaders {
  readonly firstLine: string;
  readonly fields: ReadonlyMap<string, string>;
}

export const SCRIPT_STARTED = "Script started on ";
const STARTED = /^Script started on ([^[]{1,80})/;
/** `[COMMAND="…" TERM="…" COLUMNS="80" LINES="24"]`; the command may hold anything, quotes and brackets included. */
const FIELD = (name: string) => new RegExp(`(?:^|[ [])${name}="([^"]{0,300})"`);
const COMMAND = /\[COMMAND="(.*?)"(?: TERM="| TTY="| COLUMNS="| <not executed|\])/;

export function headOfScript({ firstLine, fields }: ScriptHeaders): Head {
  const start = fields.get("START_TIME") ?? STARTED.exec(firstLine)?.[1];
  const of = (name: string) => fields.get(name) ?? FIELD(name).exec(firstLine)?.[1];
  const [cols, rows] = [Number(of("COLUMNS")), Number(of("LINES"))];
  const headers = [...fields].map(([name, value]) => `${name} ${value}`);
  return {
    size: isSide(cols) && isSide(rows) ? { cols, rows } : undefined,
    term: of("TERM"),
    command: fields.get("COMMAND") ?? COMMAND.exec(firstLine)?.[1] ?? fields.get("SHELL"),
    startedAt: start === undefined ? undefined : momentOf(start.trim()),
    text: [firstLine, ...headers].filter((line) => line !== "").join("\n"),
  };
}

/** script(1) writes ISO 8601 since util-linux 2.30, and the locale's own form before. Microseconds since 1970. */
function momentOf(text: string): number | undefined {
  const at = Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) /, "$1T"));
  return at > 0 && at < Date.UTC(2200, 0) ? at * 1000 : undefined;
}

const DONE = /\r?\n?Script done(?: on|,)[^\n]{0,300}\n?$/;
const STATUS = /COMMAND_EXIT_CODE="(-?\d{1,9})"/;
/** A footer is no longer than this. */
const LONGEST_FOOTER = 512;

/** The exit that a footer tells of. */
export const exitOfFooter = (footer: string): Exit | undefined => exitOf(STATUS.exec(footer)?.[1]);

export const exitOf = (status: string | undefined): Exit | undefined =>
  status !== undefined && /^-?\d{1,9}$/.test(status) ? { by: "exit", code: Number(status) } : undefined;

/** Separates a typescript's bytes from script's own last line. */
export class FooterCutter {
  #tail: Buffer = Buffer.alloc(0);

  /** What is no part of a footer for certain. */
  push(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#tail, bytes]);
    const sure = Math.max(0, all.length - LONGEST_FOOTER);
    this.#tail = all.subarray(sure);
    return all.subarray(0, sure);
  }

  end(): { readonly data: Buffer; readonly footer: string } {
    const found = DONE.exec(this.#tail.toString("latin1"));
    if (found === null) return { data: this.#tail, footer: "" };
    return { data: this.#tail.subarray(0, found.index), footer: found[0] };
  }
}
