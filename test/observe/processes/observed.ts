import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoverageFact, ProcessFact } from "../../../src/core/observation.js";
import { ProcessObserver } from "../../../src/observe/processes/processObserver.js";
import { find, probeStrace } from "../../../src/observe/processes/straceCommand.js";
import type { TouchedFile } from "../../../src/observe/processes/straceParser.js";
import type { ObserveMode } from "../../../src/observe/processes/tracing.js";

export const PATH = "/usr/local/bin:/usr/bin:/bin";
export const straceWorks = process.platform === "linux" && !("why" in (await probeStrace({ PATH })));

export const commandsOf = (facts: readonly ProcessFact[]): string[] =>
  facts.flatMap((fact) => (fact.what === "exec" ? [fact.argv.join(" ")] : []));

export interface Observed {
  readonly observer: ProcessObserver;
  readonly child: ChildProcess;
  readonly cwd: string;
  readonly facts: ProcessFact[];
  readonly coverage: CoverageFact[];
  readonly touched: TouchedFile[];
  /** What was left when the tracer was lost. */
  readonly lost: number[];
  /** The exit, as the parent sees it. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** All that was written, once every process that could write has ended. */
  output(): Promise<string>;
  /** Resolves as soon as a fact is there that fits. */
  fact(fits: (fact: ProcessFact) => boolean): Promise<ProcessFact>;
}

/** Runs a shell script in a directory of its own, observed. */
export async function observe(
  mode: ObserveMode,
  script: string,
  extra: {
    readonly env?: Record<string, string>;
    readonly cwd?: string;
    readonly uid?: number;
    readonly argv?: readonly string[];
    readonly onTouched?: (file: TouchedFile, at: number) => void;
  } = {},
): Promise<Observed> {
  const cwd = extra.cwd ?? realpathSync(mkdtempSync(join(tmpdir(), "observed-")));
  const mark = { name: "BODYCAM_SESSION", value: `t${Math.random()}` };
  const env = { PATH, HOME: cwd, [mark.name]: mark.value, ...extra.env };
  const facts: ProcessFact[] = [];
  const coverage: CoverageFact[] = [];
  const touched: TouchedFile[] = [];
  const lost: number[] = [];
  const waiting = new Set<(fact: ProcessFact) => void>();
  const observer = await ProcessObserver.prepare({
    mode,
    cwd,
    env,
    mark,
    onFact: (fact) => {
      facts.push(fact);
      for (const wait of [...waiting]) wait(fact);
    },
    onCoverage: (fact) => coverage.push(fact),
    onTouched: (file, at) => {
      touched.push(file);
      extra.onTouched?.(file, at);
    },
    onTracerLost: (pids) => lost.push(...pids),
  });
  const argv = extra.argv ?? ["bash", "-c", script];
  const command = observer.wrap({ file: find(argv[0] as string, PATH) as string, argv });
  const child = spawn(command.file, command.argv.slice(1), {
    argv0: command.argv[0],
    cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    ...(extra.uid === undefined ? {} : { uid: extra.uid, gid: extra.uid }),
  });
  let output = "";
  child.stdout?.on("data", (data) => {
    output += data;
  });
  child.stderr?.on("data", (data) => {
    output += data;
  });
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on("exit", (code, signal) => resolve({ code, signal })),
  );
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  child.stdin?.on("error", () => {});
  observer.start(child.pid as number);
  return {
    observer,
    child,
    cwd,
    facts,
    coverage,
    touched,
    lost,
    exit,
    output: async () => {
      await closed;
      return output;
    },
    fact: (fits) =>
      new Promise((resolve) => {
        const there = facts.find(fits);
        if (there !== undefined) return resolve(there);
        const wait = (fact: ProcessFact): void => {
          if (!fits(fact)) return;
          waiting.delete(wait);
          resolve(fact);
        };
        waiting.add(wait);
      }),
  };
}

/** Ends what is left of a session. */
export function end(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

export const forget = (observed: Observed): void => rmSync(observed.cwd, { recursive: true, force: true });
