import { statSync } from "node:fs";
import type { CoverageFact, ProcessFact } from "../../core/observation.js";
import { ProcessTable } from "./processTable.js";
import { linuxTable, psTable, type SessionMark } from "./processTableViews.js";
import type { KnownProcess, ProcessTree } from "./processTree.js";
import { hasVariable, programInProc, realPath, statOf, tracerOf } from "./procfs.js";
import { temporaryDirectories } from "./scope.js";
import { StraceOutput } from "./straceOutput.js";
import { StraceParser, type TouchedFile } from "./straceParser.js";
import { type Command, type ObserveMode, type Prepared, prepareTracing, wrapCommand } from "./tracing.js";
import * as words from "./words.js";

export interface ProcessObserverOptions {
  readonly mode: ObserveMode;
  /** Where the agent starts. */
  readonly cwd: string;
  /** The agent's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A variable of that environment that no other session has. */
  readonly mark: SessionMark | undefined;
  /** `at`: microseconds since 1970, from the kernel's own moment where it is known. */
  readonly onFact: (fact: ProcessFact, at: number) => void;
  readonly onCoverage: (fact: CoverageFact) => void;
  /** A file that a process of the session surely opened or read. */
  readonly onTouched?: (file: TouchedFile, at: number) => void;
  /** Something that the person should hear of at once, in words. It is told as coverage as well. */
  readonly onTrouble?: (detail: string) => void;
  /** strace was killed; these processes of the session were alive, and may still be (see `StraceAbilities`). */
  readonly onTracerLost?: (pids: readonly number[]) => void;
}

/** How long `stop` waits for the lines of a session that has ended. */
const LAST_LINES_MS = 1000;
const LINUX_LOOK_MS = 25;
const PS_LOOK_MS = 500;

/**
 * Watches the processes of one session. Needs what `prepareTracing` gave before the agent was started: run what
 * `wrapCommand` gives, then call `start` with its number. Nothing here throws or rejects.
 */
export class ProcessObserver {
  readonly #options: ProcessObserverOptions;
  readonly #prepared: Prepared;
  #output: StraceOutput | undefined;
  #parser: StraceParser | undefined;
  #table: ProcessTable | undefined;
  #root: number | undefined;
  #tracer: number | undefined;
  #seen = false;
  #stopping = false;
  #ended: (() => void) | undefined;
  readonly #said = new Set<string>();

  /** Prepares and makes an observer in one. */
  static async prepare(options: ProcessObserverOptions): Promise<ProcessObserver> {
    return new ProcessObserver(options, await prepareTracing(options.mode, options.env));
  }

  constructor(options: ProcessObserverOptions, prepared: Prepared) {
    this.#options = options;
    this.#prepared = prepared;
    if (prepared.tracing !== undefined) this.#output = new StraceOutput(prepared.tracing.pipe);
    for (const fact of prepared.coverage) options.onCoverage(fact);
  }

  /** Whether strace will see the agent (else the process table is followed). */
  get traces(): boolean {
    return this.#prepared.tracing !== undefined;
  }

  /** What to run instead of `command`: the same thing where strace is not used. */
  wrap(command: Command): Command {
    return wrapCommand(this.#prepared, this.#options.mode, command, this.#options.env);
  }

  /** The agent runs, with this process number. */
  start(rootPid: number): void {
    this.#root = rootPid;
    if (this.#options.mode === "off") return;
    if (this.#output === undefined) this.#follow(rootPid);
    else this.#trace(this.#output);
  }

  #follow(root: number): void {
    const { cwd, mark, onFact, onCoverage } = this.#options;
    const linux = process.platform === "linux";
    const every = linux ? LINUX_LOOK_MS : PS_LOOK_MS;
    this.#table = new ProcessTable({
      view: linux ? linuxTable(mark) : psTable(),
      root,
      cwd,
      every,
      onFact,
    });
    this.#table.start();
    onCoverage({ source: "process-table", state: "on", detail: words.table(every, linux) });
  }

  #trace(output: StraceOutput): void {
    const { cwd, env, onTouched, onCoverage, mode } = this.#options;
    const parser = new StraceParser({
      cwd: realPath(cwd),
      temporary: temporaryDirectories(env),
      onFact: (fact, at) => this.#fact(fact, at),
      onTouched: (file, at) => onTouched?.(file, at),
      onDebuggerRefused: (pid) => this.#say(words.debuggerRefused(commandOf(parser.tree.known(pid)))),
      system: {
        parentOf: (pid) => statOf(pid)?.parent,
        realPath,
        programOf: programInProc,
      },
    });
    this.#parser = parser;
    output.read(
      (bytes) => {
        if (!this.#seen) {
          this.#seen = true;
          if (this.#root !== undefined) this.#tracer = tracerOf(this.#root) || undefined;
          const seccomp = this.#prepared.tracing?.strace.seccomp === true;
          onCoverage({ source: "strace", state: "on", detail: words.tracing(mode === "full", seccomp) });
        }
        parser.push(bytes);
      },
      () => this.#outputEnded(parser),
    );
  }

  #fact(fact: ProcessFact, at: number): void {
    if (fact.what === "exec" && hasRightsOfItsOwn(fact.image)) this.#say(words.noMoreRights(fact.image));
    this.#options.onFact(fact, at);
    if (fact.what === "exit" && fact.pid === this.#root && this.#stopping) this.#ended?.();
  }

  #outputEnded(parser: StraceParser): void {
    parser.end();
    const left = parser.tree.living().map(({ pid }) => pid);
    if (left.length > 0) {
      const { takesAlong = false, seccomp = false } = this.#prepared.tracing?.strace ?? {};
      const detail = words.straceKilled(left.length, takesAlong && seccomp, seccomp);
      this.#options.onCoverage({ source: "strace", state: "failed", detail });
      this.#options.onTrouble?.(detail);
      this.#options.onTracerLost?.(left);
    } else if (!this.#stopping)
      this.#options.onCoverage({ source: "strace", state: "off", detail: words.allEnded });
    this.#output = undefined;
    this.#ended?.();
  }

  /** Each sentence once. */
  #say(detail: string): void {
    if (this.#said.has(detail)) return;
    this.#said.add(detail);
    this.#options.onCoverage({ source: "strace", state: "on", detail });
    this.#options.onTrouble?.(detail);
  }

  get #tree(): ProcessTree | undefined {
    return this.#parser?.tree ?? this.#table?.tree;
  }

  /** Whether a living process (or one that ended just now) is the agent or one that it started. */
  belongs(pid: number): boolean {
    if (this.#options.mode === "off") return false;
    if (this.#tree?.known(pid) !== undefined) return true;
    if (this.#tracer !== undefined) return tracerOf(pid) === this.#tracer;
    if (process.platform !== "linux") return false;
    const { mark } = this.#options;
    if (mark !== undefined && hasVariable(pid, mark.name, mark.value)) return true;
    for (let at = pid, depth = 0; at > 1 && depth < 64; depth++) {
      if (at === this.#root) return true;
      at = statOf(at)?.parent ?? 0;
    }
    return false;
  }

  /** What a process of the session is, as far as known; from the system where its lines are still on their way. */
  describe(
    pid: number,
  ): { readonly pid: number; readonly image: string; readonly command: string } | undefined {
    const known = this.#tree?.known(pid);
    const program = known !== undefined && known.image !== "" ? known : programInProc(pid);
    return program === undefined ? undefined : { pid, image: program.image, command: commandOf(program) };
  }

  /** The session's processes that live. */
  living(): readonly KnownProcess[] {
    return this.#tree?.living() ?? [];
  }

  /** Those that ended lately, the latest last. */
  recentlyEnded(): readonly KnownProcess[] {
    return this.#tree?.ended() ?? [];
  }

  /** The session is over: takes the last lines, and leaves alone what goes on running. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#table !== undefined) {
      await this.#table.stop();
      const left = this.#table.tree.living().length;
      this.#options.onCoverage({ source: "process-table", state: "off", detail: words.stopped(left) });
    }
    const output = this.#output;
    const parser = this.#parser;
    if (output === undefined) return;
    if (parser !== undefined && !this.#rootEnded(parser)) await this.#lastLines();
    if (this.#output !== undefined && parser !== undefined) {
      const left = parser.tree.living().length;
      if (left > 0) output.leaveDrain();
      output.close();
      parser.end();
      if (this.#seen)
        this.#options.onCoverage({ source: "strace", state: "off", detail: words.stopped(left) });
      else this.#options.onCoverage({ source: "strace", state: "failed", detail: words.nothingCame });
    } else {
      output.close();
      if (this.#seen && parser?.tree.living().length === 0)
        this.#options.onCoverage({ source: "strace", state: "off", detail: words.stopped(0) });
    }
    this.#output = undefined;
  }

  #rootEnded(parser: StraceParser): boolean {
    return this.#root === undefined || parser.tree.known(this.#root)?.endedAt !== undefined;
  }

  #lastLines(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LAST_LINES_MS);
      this.#ended = () => {
        clearTimeout(timer);
        // What else came with these lines is taken before anything is closed.
        setImmediate(resolve);
      };
    });
  }
}

const commandOf = (
  program: { readonly image: string; readonly argv: readonly string[] } | undefined,
): string => (program === undefined ? "" : program.argv.length > 0 ? program.argv.join(" ") : program.image);

/** Whether a program asks for another user's rights. The kernel refuses them to what is traced. */
function hasRightsOfItsOwn(image: string): boolean {
  if (process.geteuid?.() === 0) return false;
  try {
    const { mode, uid } = statSync(image);
    return ((mode & 0o4000) !== 0 && uid !== process.geteuid?.()) || (mode & 0o2010) === 0o2010;
  } catch {
    return false;
  }
}
