import { messageOf } from "../../core/errors.js";
import type { CoverageFact } from "../../core/observation.js";
import { programKind } from "./programKind.js";
import { probeStrace, type StraceAbilities, wrapped } from "./straceCommand.js";
import { makeStracePipe, type StracePipe } from "./stracePipe.js";
import * as words from "./words.js";

/**
 * How closely processes are watched. `auto`: strace where it works, else the process table. `full`: strace, which also
 * tells every file opened. `process`: the process table only. `off`: not at all.
 */
export const OBSERVE_MODES = ["auto", "full", "process", "off"] as const;
export type ObserveMode = (typeof OBSERVE_MODES)[number];

/** A program and its arguments, the name it is called by first. */
export interface Command {
  readonly file: string;
  readonly argv: readonly string[];
}

/** strace, ready to be started in front of the agent, and the pipe for its lines. Can be sent to another thread. */
export interface Tracing {
  readonly strace: StraceAbilities;
  readonly pipe: StracePipe;
}

export interface Prepared {
  /** Undefined: strace is not wanted, or does not work; the process table is followed. */
  readonly tracing: Tracing | undefined;
  readonly coverage: readonly CoverageFact[];
}

/** Finds out what this machine allows. Has to be done before the agent starts, because strace has to start it. Never rejects. */
export async function prepareTracing(
  mode: ObserveMode,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Prepared> {
  const failed = (detail: string): Prepared => ({
    tracing: undefined,
    coverage: [{ source: "strace", state: "failed", detail }],
  });
  if (mode === "off")
    return {
      tracing: undefined,
      coverage: [{ source: "strace", state: "off", detail: words.switchedOff }],
    };
  if (mode === "process" || process.platform !== "linux") return { tracing: undefined, coverage: [] };
  const strace = await probeStrace(env);
  if ("why" in strace) return failed(words.noStrace(strace));
  try {
    return { tracing: { strace, pipe: await makeStracePipe() }, coverage: [] };
  } catch (error) {
    return failed(words.noPipe(messageOf(error)));
  }
}

/** What to run instead of `command`, so that strace sees it: the same thing where strace is not used. */
export function wrapCommand(
  { tracing }: Prepared,
  mode: ObserveMode,
  command: Command,
  env: Readonly<Record<string, string | undefined>>,
): Command {
  if (tracing === undefined) return command;
  const { strace, pipe } = tracing;
  return wrapped(strace, pipe.path, mode === "full", runnable(command), env);
}

/**
 * strace starts a program as the kernel does. What only a shell can start (a script without a first line that says by
 * what it is run) is left to one, as execvp(3) does where no strace is in between.
 */
function runnable(command: Command): Command {
  if (programKind(command.file) !== "other") return command;
  const [name = command.file, ...args] = command.argv;
  return {
    file: "/bin/sh",
    argv: ["/bin/sh", "-c", 'exec "$0" "$@"', name.includes("/") ? name : command.file, ...args],
  };
}
