import type { Claims, UndeclaredCommand, UnexecutedCall } from "../../core/claims.js";
import type { CoverageFact, ToolFact } from "../../core/observation.js";
import { type Micros, micros, type Seq } from "../../core/units.js";
import { normalLine } from "../corroboration/keys.js";
import { plain } from "../evidence.js";
import type { Run } from "../processes.js";
import type { Deed } from "./deed.js";
import { type Commands, commandsOf, fits, isShell } from "./matching.js";
import { isOfAgent, isProbe } from "./probes.js";

/** A transcript may be written so much later than what it tells of: that long a command waits to be declared. */
const PATIENCE = 15_000_000;
/** So long after its result a call may still be found to have run. */
const AFTER_RESULT = 5_000_000;
/** A typed line is run at once, if it is a command at all. */
const AFTER_TYPING = 10_000_000;
/** How often what is undecided is looked through. */
const EVERY = 1_000_000;
const END = micros(Number.MAX_SAFE_INTEGER);
const MOST_CALLS = 128;
const MOST_WAITING = 1_024;
const MOST_FORMS = 8;
/** So many are named; the rest is counted. */
const MOST_LISTED = 200;
/** How far up a process's ancestors are looked at. */
const DEEPEST = 64;

/** A tool call with a command, or a line that a person typed. */
interface Asked {
  readonly at: Micros;
  readonly commands: Commands;
  readonly deed: Deed;
  readonly call: UnexecutedCall | undefined;
  matched: boolean;
  result: UnexecutedCall["result"];
  resultAt: Micros | undefined;
}

/** What a process was started as, or became: wrappers become what they wrap. */
interface Form {
  readonly run: Run;
  /** Its own command line and those of what it is told to run, in their normal form. */
  readonly lines: readonly string[];
}

/** A command of which nobody has said yet that it would be run. */
interface Waiting {
  readonly run: Run;
  readonly forms: Form[];
  readonly deed: Deed;
}

/** What was found out, to be given to the rules. */
export type Finding =
  | { readonly kind: "undeclared"; readonly run: Run; readonly deed: Deed }
  | { readonly kind: "unexecuted"; readonly call: UnexecutedCall };

/**
 * Holds what the agent said that it ran against what the system saw run. A started program belongs to the tool call whose
 * command it carries, and all that it starts with it. What an agent starts beside that is undeclared, but for its own
 * helpers. Pure: knows no time but the facts'; what is undecided is decided when `pass` or `end` is told of the time.
 */
export class ClaimBook {
  readonly #asked: Asked[] = [];
  readonly #waiting: Waiting[] = [];
  /** Programs that ran tool calls: the agents themselves. */
  readonly #agents = new Set<Run>();
  readonly #undeclared: (UndeclaredCommand & { readonly deed: Deed })[] = [];
  readonly #unexecuted: UnexecutedCall[] = [];
  #deeds = 0;
  #firstCall: Micros | undefined;
  #traced = false;
  #gap = false;
  #calls = 0;
  #ran = 0;
  #helpers = 0;
  #undeclaredCount = 0;
  #next = 0;
  #unexecutedCount = 0;

  /** Only what sees every program can say that none ran. */
  coverage({ source, state }: CoverageFact): void {
    if (source !== "strace") return;
    if (state === "on") this.#traced = true;
    else if (state === "failed") this.#gap = true;
  }

  /** A tool call with a command: the deed that its processes belong to. `lines` are its simple commands. */
  call(fact: Extract<ToolFact, { what: "call" }>, lines: readonly string[], at: Micros, seq: Seq): Deed {
    const text = fact.command ?? "";
    this.#calls++;
    this.#firstCall ??= at;
    const { agent, tool, call } = fact;
    const told = { at, seq, agent, tool, call, command: plain(text), result: "none" } as const;
    return this.#ask(commandsOf(text, lines), at, told);
  }

  result({ call, agent, failed }: Extract<ToolFact, { what: "result" }>, at: Micros): void {
    const asked = this.#asked.find((one) => one.call?.call === call && one.call.agent === agent);
    if (asked === undefined) return;
    asked.result = failed ? "failed" : "succeeded";
    asked.resultAt = at;
  }

  /** A line that a person typed: what it starts is no act of the agent's own. */
  typed(text: string, lines: readonly string[], at: Micros): void {
    if (lines.length > 0) this.#ask(commandsOf(text, lines), at, undefined);
  }

  /** A program was started; `lines` are its own command line and those of what it is told to run. Sets `run.deed`. */
  exec(run: Run, lines: readonly string[]): void {
    // A process that becomes another program goes on with what it was begun for.
    const before = run.deed;
    const above = before ?? this.#inherited(run);
    const isOwn = above === undefined || (above.state === "waiting" && before === undefined);
    const normal = this.#asked.length > 0 || isOwn ? lines.map(normalLine) : [];
    const asked = this.#askedFor(run, normal, above);
    if (asked !== undefined) {
      if (before?.state === "waiting") this.#settled(before, "declared");
      run.deed = asked.deed;
      this.#met(asked, run);
      return;
    }
    // Before the first call nobody knows which of the programs is the agent: each is judged for itself.
    if (above !== undefined && (!isOwn || this.#firstCall !== undefined)) {
      run.deed = above;
      if (before === undefined) above.started++;
      else if (above.state === "waiting")
        this.#became(run, above, normal.length > 0 ? normal : lines.map(normalLine));
      return;
    }
    run.deed = this.#newDeed("waiting");
    this.#waiting.push({ run, forms: [{ run, lines: normal }], deed: run.deed });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
  }

  /** What a wrapper was begun for is known now. */
  #settled(deed: Deed, state: Deed["state"]): void {
    const place = this.#waiting.findLastIndex((waiting) => waiting.deed === deed);
    if (place >= 0) this.#waiting.splice(place, 1);
    deed.state = state;
  }

  /** A process that nobody has declared yet has become another program. */
  #became(run: Run, deed: Deed, lines: readonly string[]): void {
    const one = this.#waiting.findLast((waiting) => waiting.deed === deed);
    if (one === undefined || one.run.life !== run.life) return;
    if (one.forms.length >= MOST_FORMS) one.forms.splice(1, 1);
    one.forms.push({ run, lines });
  }

  /** Decides what is due at this moment. */
  pass(at: Micros): readonly Finding[] {
    if (at < this.#next || this.#asked.length + this.#waiting.length === 0) return [];
    this.#next = at + EVERY;
    return this.#decide(at);
  }

  /** The session is over: decides everything. */
  end(): readonly Finding[] {
    return this.#decide(END);
  }

  claims(): Claims {
    return {
      basis: this.#basis(),
      calls: this.#calls,
      ran: this.#ran,
      undeclared: this.#undeclared.map(({ deed, ...one }) => ({
        ...one,
        started: deed.started,
      })),
      undeclaredCount: this.#undeclaredCount,
      unexecuted: [...this.#unexecuted],
      unexecutedCount: this.#unexecutedCount,
      helpers: this.#helpers,
    };
  }

  #basis(): Claims["basis"] {
    if (this.#calls === 0) return "no-tool-calls";
    if (!this.#traced) return "no-processes";
    return this.#ran === 0 ? "nothing-matched" : "compared";
  }

  #newDeed(state: Deed["state"]): Deed {
    return { number: ++this.#deeds, state, started: 0 };
  }

  #ask(commands: Commands, at: Micros, call: UnexecutedCall | undefined): Deed {
    const found = this.#adopt(commands, call !== undefined);
    const deed = found ?? this.#newDeed("declared");
    const matched = found !== undefined;
    if (matched && call !== undefined) this.#ran++;
    this.#asked.push({ at, commands, deed, call, matched, result: "none", resultAt: undefined });
    if (this.#asked.length > MOST_CALLS) {
      // What has been met has the least left to say.
      const met = this.#asked.findIndex((one) => one.matched);
      this.#asked.splice(Math.max(0, met), 1);
    }
    return deed;
  }

  /** The call that a started program carries out: of several, the first that has not been met, and word by word first. */
  #askedFor(run: Run, lines: readonly string[], above: Deed | undefined): Asked | undefined {
    let best: Asked | undefined;
    let score = 0;
    for (const asked of this.#asked) {
      // What a call has started itself belongs to it by its ancestors.
      if (asked.matched && (above === asked.deed || above?.state === "declared")) continue;
      const fit = fits(asked.commands, run.argv, lines);
      // One that was met already may go on in a shell that runs its commands one by one.
      if (asked.matched && (fit !== 1 || asked.resultAt !== undefined)) continue;
      const worth = fit === 0 ? 0 : fit + (asked.matched ? 0 : 3);
      if (worth <= score) continue;
      best = asked;
      score = worth;
    }
    return best;
  }

  #met(asked: Asked, run: Run): void {
    if (asked.call === undefined) {
      asked.matched = true;
      return;
    }
    this.#agentOf(run);
    if (asked.matched) return;
    asked.matched = true;
    this.#ran++;
    this.#firstCall = micros(Math.min(this.#firstCall ?? run.at, run.at));
  }

  #agentOf(run: Run): void {
    const agent = run.parent;
    // What a shell runs is typed there, or written in its script: the shell is no agent.
    if (agent === undefined || isShell(agent.argv) || this.#agents.has(agent)) return;
    this.#agents.add(agent);
    if (this.#agents.size > MOST_CALLS) {
      const [oldest] = this.#agents;
      if (oldest !== undefined) this.#agents.delete(oldest);
    }
  }

  /** A command that ran already, for a call that is told of only now. */
  #adopt(commands: Commands, isCall: boolean): Deed | undefined {
    let best = -1;
    let score = 0;
    for (const [place, one] of this.#waiting.entries()) {
      const fit = Math.max(...one.forms.map(({ run, lines }) => fits(commands, run.argv, lines)));
      if (fit <= score) continue;
      best = place;
      score = fit;
    }
    const [found] = best < 0 ? [] : this.#waiting.splice(best, 1);
    if (found === undefined) return undefined;
    found.deed.state = "declared";
    if (isCall) {
      this.#agentOf(found.run);
      this.#firstCall = micros(Math.min(this.#firstCall ?? found.run.at, found.run.at));
    }
    return found.deed;
  }

  #decide(at: Micros): readonly Finding[] {
    const found: Finding[] = [];
    const asked = this.#asked.splice(0);
    for (const one of asked) {
      if (!isOver(one, at)) this.#asked.push(one);
      else if (!one.matched && one.call !== undefined && this.#traced && !this.#gap)
        found.push(this.#neverRan({ ...one.call, result: one.result }));
    }
    const waiting = this.#waiting.splice(0);
    for (const one of waiting) {
      const { run } = one;
      // One that still runs may be told of when it has ended: some agents write only then.
      const isDue = at === END || (run.life.ended !== undefined && at - run.life.ended >= PATIENCE);
      if (!isDue || (at !== END && this.#waitsForParent(run))) this.#waiting.push(one);
      else found.push(...this.#judge(one));
    }
    return found;
  }

  #neverRan(call: UnexecutedCall): Finding {
    this.#unexecutedCount++;
    if (this.#unexecuted.length < MOST_LISTED) this.#unexecuted.push(call);
    return { kind: "unexecuted", call };
  }

  #judge({ run, forms, deed }: Waiting): readonly Finding[] {
    const above = this.#inherited(run);
    const agent = this.#agentAbove(run);
    if (above !== undefined && above.state !== "waiting") deed.state = above.state;
    else if (agent === undefined || this.#agents.has(run)) deed.state = "startup";
    else if (run.at < (this.#firstCall ?? run.at) || forms.every((form) => isHelper(form, agent)))
      deed.state = "helper";
    else deed.state = "undeclared";
    if (above?.state === deed.state) {
      above.started++;
      return [];
    }
    if (deed.state === "helper") this.#helpers++;
    if (deed.state !== "undeclared") return [];
    this.#undeclaredCount++;
    const shown = tellingForm(forms, agent) ?? run;
    const { at, seq, pid, image, cwd } = shown;
    const command = plain(shown.line === "" ? shown.argv.join(" ") : shown.line);
    if (this.#undeclared.length < MOST_LISTED)
      this.#undeclared.push({ at, seq, pid, image, command, cwd, started: 0, deed });
    return [{ kind: "undeclared", run: shown, deed }];
  }

  /** What the nearest program above belongs to. What an agent starts stands for itself, whoever started the agent. */
  #inherited(run: Run): Deed | undefined {
    let above = run.parent;
    for (let depth = 0; above !== undefined && depth < DEEPEST; depth++, above = above.parent) {
      if (this.#agents.has(above) || above.deed?.state === "startup") return undefined;
      if (above.deed !== undefined && above.deed !== run.deed) return above.deed;
    }
    return undefined;
  }

  #waitsForParent(run: Run): boolean {
    return this.#inherited(run)?.state === "waiting";
  }

  #agentAbove(run: Run): Run | undefined {
    let above = run.parent;
    for (let depth = 0; above !== undefined && depth < DEEPEST; depth++, above = above.parent)
      if (this.#agents.has(above)) return above;
    return undefined;
  }
}

function isOver({ at: since, call, resultAt }: Asked, at: Micros): boolean {
  if (at === END) return true;
  if (call === undefined) return at - since >= AFTER_TYPING;
  return resultAt !== undefined && at - resultAt >= AFTER_RESULT;
}

/** The agent's own programs, and those by which it looks around, alone or in a shell that does nothing else. */
function isHelper({ run, lines }: Form, agent: Run): boolean {
  if (isOfAgent(run, agent)) return true;
  const [own = "", ...inner] = lines;
  return isShell(run.argv) ? inner.length > 0 && inner.every(isProbe) : isProbe(own);
}

/** Of a wrapped command, what was wrapped: the last shell, or else the first that is no part of the agent. */
const tellingForm = (forms: readonly Form[], agent: Run | undefined): Run | undefined =>
  (
    forms.findLast(({ run }) => isShell(run.argv)) ??
    forms.find(({ run }) => agent === undefined || !isOfAgent(run, agent))
  )?.run;
