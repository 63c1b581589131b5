import type { Gap, Notice, SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import type { CoverageFact, ToolFact } from "../core/observation.js";
import { asShown } from "../core/shownOutput.js";
import type { Micros } from "../core/units.js";
import { Screen } from "../terminal/screen.js";
import type { Markup } from "./report/html.js";
import { StillColors, still } from "./report/still.js";
import { TranscriptNumbers, transcriptName } from "./transcripts.js";

/** One program that ran in a session, as the system told it. */
export interface ProcessNode {
  readonly pid: number;
  readonly ppid: number;
  readonly at: Micros;
  readonly argv: readonly string[];
  readonly image: string;
  exit: string | undefined;
}

/** What a report tells of a session beside its flags. Everything is bounded; `left` counts what was too much. */
export interface SessionFacts {
  readonly stills: ReadonlyMap<string, Markup>;
  readonly colors: StillColors;
  readonly processes: readonly ProcessNode[];
  readonly tools: readonly { readonly at: Micros; readonly fact: ToolFact }[];
  readonly coverage: readonly { readonly at: Micros; readonly fact: CoverageFact }[];
  readonly gaps: readonly Gap[];
  readonly notices: readonly { readonly at: Micros; readonly notice: Notice }[];
  /** The agent's own transcripts, as they are called in a bundle. */
  readonly transcripts: readonly { readonly number: number; readonly name: string }[];
  readonly left: { readonly stills: number; readonly processes: number; readonly tools: number };
}

const MOST_STILLS = 200;
const MOST_PROCESSES = 5_000;
const MOST_TOOLS = 2_000;
const MOST_NOTES = 500;
/** After so many events other work gets its turn. */
const TURN = 512;

/**
 * Reads a session once for its report: the screen at each flag, and what was seen beyond the terminal. The screen is
 * followed no further than to the last flag.
 */
export async function gatherFacts(
  events: Iterable<SessionEvent>,
  flags: readonly Flag[],
): Promise<SessionFacts> {
  const colors = new StillColors();
  const stills = new Map<string, Markup>();
  const facts = { processes: [], tools: [], coverage: [], gaps: [], notices: [] } as {
    processes: ProcessNode[];
    tools: { at: Micros; fact: ToolFact }[];
    coverage: { at: Micros; fact: CoverageFact }[];
    gaps: Gap[];
    notices: { at: Micros; notice: Notice }[];
  };
  const left = { stills: Math.max(0, flags.length - MOST_STILLS), processes: 0, tools: 0 };
  const waiting = flags
    .slice(0, MOST_STILLS)
    .map((flag) => ({ flag, seq: flag.evidence.reduce((last, { seq }) => Math.max(last, seq), 0) }))
    .sort((a, b) => a.seq - b.seq);
  let screen: Screen | undefined;
  let count = 0;
  const numbers = new TranscriptNumbers();
  const transcripts: { number: number; name: string }[] = [];
  for (const event of asShown(events)) {
    if (event.kind === "open") screen = new Screen(event.meta.size.cols, event.meta.size.rows);
    if (waiting.length > 0 && screen !== undefined) {
      if (event.kind === "output") screen.write(event.data);
      else if (event.kind === "resize") screen.resize(event.size.cols, event.size.rows);
      while (waiting[0] !== undefined && waiting[0].seq <= event.seq)
        keepStill(stills, waiting.shift()?.flag as Flag, screen, colors);
    }
    if (event.kind === "transcript" && transcripts.length < MOST_NOTES) {
      const number = numbers.of(event.piece);
      if (transcripts.length < number)
        transcripts.push({ number, name: transcriptName(event.piece, number) });
    }
    collect(event, facts, left);
    if (++count % TURN === 0) await new Promise(setImmediate);
  }
  for (const { flag } of waiting) if (screen !== undefined) keepStill(stills, flag, screen, colors);
  return { stills, colors, ...facts, transcripts, left };
}

function keepStill(stills: Map<string, Markup>, flag: Flag, screen: Screen, colors: StillColors): void {
  const shown = flag.evidence.find(({ source }) => source === "screen" || source === "typed");
  stills.set(flag.id, still(screen, shown?.summary, colors));
}

function collect(
  event: SessionEvent,
  facts: {
    readonly processes: ProcessNode[];
    readonly tools: { at: Micros; fact: ToolFact }[];
    readonly coverage: { at: Micros; fact: CoverageFact }[];
    readonly gaps: Gap[];
    readonly notices: { at: Micros; notice: Notice }[];
  },
  left: { processes: number; tools: number },
): void {
  const { at } = event;
  if (event.kind === "gap" && facts.gaps.length < MOST_NOTES) facts.gaps.push(event.gap);
  if (event.kind === "notice" && facts.notices.length < MOST_NOTES)
    facts.notices.push({ at, notice: event.notice });
  if (event.kind !== "observation") return;
  const { observation } = event;
  const when = event.happened ?? at;
  if (observation.source === "coverage" && facts.coverage.length < MOST_NOTES)
    facts.coverage.push({ at: when, fact: observation.fact });
  if (observation.source === "tool") {
    if (facts.tools.length < MOST_TOOLS) facts.tools.push({ at: when, fact: observation.fact });
    else left.tools++;
  }
  if (observation.source !== "process") return;
  const { fact } = observation;
  if (fact.what === "exec") {
    const { pid, ppid, argv, image } = fact;
    if (facts.processes.length < MOST_PROCESSES)
      facts.processes.push({ pid, ppid, at: when, argv, image, exit: undefined });
    else left.processes++;
  } else if (fact.what === "exit") {
    const node = facts.processes.findLast(({ pid }) => pid === fact.pid);
    if (node !== undefined) node.exit = fact.signal ?? String(fact.code ?? "?");
  }
}
