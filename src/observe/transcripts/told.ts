import type { ToolFact } from "../../core/observation.js";
import { list, type Shape, shape, text } from "./shapes.js";

/** A fact of a transcript, and when the agent says that it was (milliseconds since 1970). */
export interface Told {
  readonly at: number | undefined;
  readonly fact: ToolFact;
}

/** Turns one record of a transcript into facts. Keeps in mind what it told, and tells each call and result once. */
export type Reader = (record: unknown) => readonly Told[];

const MOST_INPUT = 64 * 1024;
const MOST_OUTPUT = 4 * 1024;

/** What agents' tools call the path that they are about. */
const PATH_FIELDS = [
  "file_path",
  "filePath",
  "path",
  "absolute_path",
  "dir_path",
  "directory",
  "notebook_path",
  "paths",
  "files",
];

/** The facts of one transcript, each call and each result once by the call's id. */
export class Telling {
  readonly #agent: string;
  readonly #calls = new Set<string>();
  readonly #results = new Set<string>();

  constructor(agent: string) {
    this.#agent = agent;
  }

  /** A call of `tool`. `input` is what the tool was given; its paths are taken as the agent wrote them. */
  call(
    call: string,
    tool: string,
    input: unknown,
    at: number | undefined,
    command?: string | undefined,
    paths: readonly string[] = pathsIn(shape(input)),
  ): readonly Told[] {
    if (call === "" || this.#calls.has(call)) return [];
    this.#calls.add(call);
    const whole = typeof input === "string" ? input : (JSON.stringify(input) ?? "");
    const fact = { what: "call", agent: this.#agent, call, tool, command, paths } as const;
    return [{ at, fact: { ...fact, input: cut(whole, MOST_INPUT) } }];
  }

  result(call: string, failed: boolean, output: string, at: number | undefined): readonly Told[] {
    if (call === "" || this.#results.has(call)) return [];
    this.#results.add(call);
    const fact = { what: "result", agent: this.#agent, call, failed } as const;
    return [{ at, fact: { ...fact, output: cut(output, MOST_OUTPUT) } }];
  }

  /** Whether a call of this id was told. */
  knows(call: string): boolean {
    return this.#calls.has(call);
  }
}

/** The beginning of `whole`, at most `most` bytes of UTF-8, never half a character. */
export function cut(whole: string, most: number): string {
  if (whole.length * 3 <= most) return whole;
  const bytes = new Uint8Array(most);
  const { read } = new TextEncoder().encodeInto(whole, bytes);
  return whole.slice(0, read);
}

/** The paths that a tool's input names, as they stand there: some agents give relative ones. */
function pathsIn(input: Shape | undefined): readonly string[] {
  if (input === undefined) return [];
  return PATH_FIELDS.flatMap((field) => {
    const value = input[field];
    return typeof value === "string" ? [value] : list(value).filter((item) => typeof item === "string");
  });
}

/** The text of a list of content blocks, or of a text. */
export function blocksText(content: unknown): string {
  const whole = text(content);
  if (whole !== undefined) return whole;
  return list(content)
    .map((block) => text(shape(block)?.text) ?? "")
    .filter((part) => part !== "")
    .join("\n");
}
