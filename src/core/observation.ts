/** Where a path lies: in the session's working directory, in a place for temporary files, or elsewhere. */
export type Scope = "inside" | "temporary" | "outside";

/** What the system saw a process of the session do. Numbers are the system's own; paths are absolute. */
export type ProcessFact =
  | {
      readonly what: "exec";
      readonly pid: number;
      readonly ppid: number;
      readonly image: string;
      readonly argv: readonly string[];
      readonly cwd: string;
    }
  | { readonly what: "fork"; readonly pid: number; readonly child: number }
  | {
      readonly what: "exit";
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly what: "connect"; readonly pid: number; readonly address: string; readonly port: number }
  | { readonly what: "delete"; readonly pid: number; readonly path: string; readonly scope: Scope }
  | {
      readonly what: "rename";
      readonly pid: number;
      readonly from: string;
      readonly to: string;
      readonly scope: Scope;
      /** `to` is known to have been there before, and is lost by this. False: not known, or not there. */
      readonly overwrote: boolean;
    }
  | { readonly what: "truncate"; readonly pid: number; readonly path: string; readonly scope: Scope };

/** Something that happened to a file of the list of sensitive ones. */
export interface FileFact {
  readonly what: "open" | "read" | "write" | "move" | "delete" | "link";
  readonly path: string;
  /** The entry of the list that names the file: what it is to a person, such as "Chrome's login cookies". */
  readonly store: string;
  /** The process of the session that did it, when one was found. Undefined: it may have been somebody else. */
  readonly by: { readonly pid: number; readonly image: string; readonly command: string } | undefined;
}

/** What an agent's own transcript says that it did. */
export type ToolFact =
  | {
      readonly what: "call";
      readonly agent: string;
      readonly call: string;
      readonly tool: string;
      /** The shell command, for tools that run one. */
      readonly command: string | undefined;
      /** Paths that the tool reads or writes, for tools that do. */
      readonly paths: readonly string[];
      /** The tool's whole input as JSON, cut at 64 KiB. */
      readonly input: string;
    }
  | {
      readonly what: "result";
      readonly agent: string;
      readonly call: string;
      readonly failed: boolean;
      /** The beginning of what the tool gave back, cut at 4 KiB. */
      readonly output: string;
    };

/** Which source was on from when to when, and what it can't see. */
export interface CoverageFact {
  readonly source: "strace" | "process-table" | "inotify" | "transcript";
  readonly state: "on" | "off" | "failed";
  /** In words: what this means for what is seen. */
  readonly detail: string;
}

/** A fact from beyond the terminal. */
export type Observation =
  | { readonly source: "process"; readonly fact: ProcessFact }
  | { readonly source: "file"; readonly fact: FileFact }
  | { readonly source: "tool"; readonly fact: ToolFact }
  | { readonly source: "coverage"; readonly fact: CoverageFact };
