import type { Micros, Seq } from "./units.js";

/** A command that the system saw and that no tool call of the agent had declared. */
export interface UndeclaredCommand {
  readonly at: Micros;
  readonly seq: Seq;
  readonly pid: number;
  readonly image: string;
  /** The command in one canonical line, at most 500 characters. */
  readonly command: string;
  readonly cwd: string;
  /** How many programs it started in its turn. */
  readonly started: number;
}

/** A tool call with a command of which the system saw nothing run. */
export interface UnexecutedCall {
  readonly at: Micros;
  readonly seq: Seq;
  readonly agent: string;
  readonly tool: string;
  readonly call: string;
  /** The command as the agent gave it, at most 500 characters. */
  readonly command: string;
  /** Whether the agent's transcript has a result for it, and whether that says that it failed. */
  readonly result: "none" | "failed" | "succeeded";
}

/** What an agent said that it did, against what the system saw. Lists name the first 200. */
export interface Claims {
  /**
   * `compared`: both accounts are there. Otherwise what is missing: no tool call was told, or processes were not seen
   * completely, or no tool call could be found again among the processes.
   */
  readonly basis: "compared" | "no-tool-calls" | "no-processes" | "nothing-matched";
  /** How many tool calls with a command there were, and how many of them ran. */
  readonly calls: number;
  readonly ran: number;
  readonly undeclared: readonly UndeclaredCommand[];
  readonly undeclaredCount: number;
  readonly unexecuted: readonly UnexecutedCall[];
  readonly unexecutedCount: number;
  /** Programs that the agent ran for itself: before its first tool call, from its own installation, or to look around. */
  readonly helpers: number;
}
