import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import type { Agent, Origin, Place } from "./agent.js";
import { AGENTS, agentOf } from "./agents.js";
import { descends } from "./processes.js";

/** A program that a process of the session has become. */
export interface Executed {
  readonly pid: number;
  readonly ppid: number;
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** One run of an agent in the session: what its transcript must agree with. */
export interface Run {
  readonly agent: Agent;
  readonly place: Place;
  /** Conversations of this run begin at this time or later, unless it resumes one (milliseconds since 1970). */
  readonly notBefore: number;
  readonly resumes: boolean;
  readonly pids: Set<number>;
  /** The conversation that is this run's, once that is known. */
  conversation: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** A fact about a process is heard of a little later than it was, in milliseconds. */
const HEARD_LATE = 2000;
/** How many processes are kept in mind. */
const MOST_PIDS = 20_000;

/**
 * The agents that the session runs: the command itself, and what its processes execute when the caller says so. An
 * agent that starts itself again (npx, a launcher script, helpers) is one run.
 */
export class Runs {
  /** The session's own place. */
  readonly place: Place;
  readonly #ancestor: number | undefined;
  readonly #runs: Run[] = [];
  /** Every process of the session that is known, and the run that it belongs to. */
  readonly #pids = new Map<number, Run | undefined>();
  /** Whether the command may be anything that starts agents, and nothing was heard of its processes. */
  #guessing = false;

  /** `ancestor` is a process under which all those of the session are, and no other agent. */
  constructor(
    command: readonly string[],
    cwd: string,
    env: Env,
    startedAt: number,
    ancestor: number | undefined,
  ) {
    this.#ancestor = ancestor;
    this.place = { cwds: withLinksResolved(cwd), env, home: env.HOME || homedir() };
    const known = agentOf(command);
    if (known !== undefined) this.#add(known.agent, known.args, cwd, startedAt);
    else {
      this.#guessing = true;
      for (const agent of AGENTS) this.#add(agent, [], cwd, startedAt);
    }
  }

  get all(): readonly Run[] {
    return this.#runs;
  }

  /** Whether it can be told of a process that it is not the session's. */
  get canTell(): boolean {
    return this.#pids.size > 0 || (this.#ancestor !== undefined && process.platform === "linux");
  }

  /** Whether the process is one of the session's: it was told, or it comes from one that was. */
  owns(pid: number): Promise<boolean> {
    return descends(pid, (one) => one === this.#ancestor || this.#pids.has(one));
  }

  executed({ pid, ppid, argv, cwd }: Executed, now: number): void {
    if (this.#guessing) {
      this.#guessing = false;
      // Nothing has to be guessed any more; what was found stays.
      for (const run of this.#runs.filter((one) => one.conversation === undefined))
        this.#runs.splice(this.#runs.indexOf(run), 1);
    }
    const above = this.#pids.get(pid) ?? this.#pids.get(ppid);
    const known = agentOf(argv);
    let run = above;
    if (known !== undefined && known.agent !== above?.agent) {
      run =
        this.#runs.find((one) => one.agent === known.agent && one.pids.size === 0) ??
        this.#add(known.agent, known.args, cwd, now - HEARD_LATE);
    }
    if (known !== undefined) run?.pids.add(pid);
    if (this.#pids.size >= MOST_PIDS) {
      const [oldest] = this.#pids.keys();
      if (oldest !== undefined) this.#pids.delete(oldest);
    }
    this.#pids.set(pid, run);
  }

  /** The run without a conversation that one of this origin agrees with. */
  match(agent: Agent, originIn: (place: Place) => Origin | undefined): Run | undefined {
    return this.#runs.find((run) => {
      if (run.agent !== agent || run.conversation !== undefined) return false;
      const origin = originIn(run.place);
      if (origin === undefined || !origin.here || origin.parent !== undefined) return false;
      return run.resumes || (origin.startedAt !== undefined && origin.startedAt >= run.notBefore);
    });
  }

  #add(agent: Agent, args: readonly string[], cwd: string, notBefore: number): Run {
    const place = { ...this.place, cwds: withLinksResolved(cwd) };
    const resumes = agent.resumes(args);
    const run: Run = { agent, place, notBefore, resumes, pids: new Set(), conversation: undefined };
    this.#runs.push(run);
    return run;
  }
}

function withLinksResolved(cwd: string): readonly string[] {
  try {
    return [...new Set([cwd, realpathSync(cwd)])];
  } catch {
    return [cwd];
  }
}
