/**
 * What processes belong together: everything that one tool call started, or that one command started which no tool call
 * declared. `waiting`: it is not known yet whether a tool call will declare it (transcripts come late).
 */
export interface Deed {
  /** Counted from 1 over the session. */
  readonly number: number;
  state: "waiting" | "declared" | "helper" | "startup" | "undeclared";
  /** How many programs its first one started. */
  started: number;
}
