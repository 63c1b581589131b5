import { atLeast, type Flag, LEVELS, type Level } from "../core/flag.js";
import { type Outcome, outcomeOf, type Standing } from "../core/review.js";
import { agentName, type SessionSummary } from "../core/sessionSummary.js";
import { fold } from "../sigma/fold.js";
import { dayText } from "./dayText.js";

/** A session with everything that a list says of it. */
export interface SessionEntry {
  readonly session: SessionSummary;
  readonly flags: readonly Flag[];
  readonly standing: Standing;
}

export type Order = "worst" | "newest";

/** What a list shows of a session. The texts are as recorded: not safe for a terminal. */
export interface ListItem {
  readonly entry: SessionEntry;
  readonly agent: string;
  readonly live: boolean;
  /** The gravest of the flags that nobody has called benign, and how many those are. */
  readonly worst: Level | undefined;
  readonly open: number;
  readonly outcome: Outcome;
  /** The flags, the gravest first. */
  readonly gravest: readonly Flag[];
}

export function itemOf(entry: SessionEntry): ListItem {
  const { session, flags, standing } = entry;
  const isOpen = ({ id }: Flag) =>
    standing.session?.verdict !== "benign" && standing.flags.get(id)?.verdict !== "benign";
  const open = flags.filter(isOpen);
  const grave = (flag: Flag) => LEVELS.indexOf(flag.rule.level);
  return {
    entry,
    agent: agentName(session.meta),
    live: session.state === "recording",
    worst: LEVELS.findLast((level) => open.some(({ rule }) => rule.level === level)),
    open: open.length,
    outcome: outcomeOf(standing, flags),
    gravest: [...flags].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || grave(b) - grave(a)),
  };
}

/** The worst first: by the gravest flag that is open, by how many are as grave or nearly, then the newest. */
export function ordered(items: readonly ListItem[], order: Order): readonly ListItem[] {
  const newest = (a: ListItem, b: ListItem) => b.entry.session.startedAt - a.entry.session.startedAt;
  if (order === "newest") return [...items].sort(newest);
  const grave = ({ worst }: ListItem) => (worst === undefined ? -1 : LEVELS.indexOf(worst));
  const count = ({ entry }: ListItem) => entry.flags.filter(({ rule }) => atLeast(rule.level, "high")).length;
  return [...items].sort((a, b) => grave(b) - grave(a) || count(b) - count(a) || newest(a, b));
}

const FIELDS = ["agent", "dir", "rule", "date", "verdict", "level", "id"] as const;
type Field = (typeof FIELDS)[number] | "state";

/**
 * The items that fit what was typed: every word of it must stand somewhere in them. A word such as `agent:codex` is looked
 * for in that field only. `now`: wall clock, microseconds since 1970, for `today` and `yesterday`.
 */
export function filtered(items: readonly ListItem[], query: string, now: number): readonly ListItem[] {
  const words = fold(query)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return items;
  const tests = words.map((word) => {
    const field = FIELDS.find((name) => word.startsWith(`${name}:`));
    return { field, text: field === undefined ? word : word.slice(field.length + 1) };
  });
  return items.filter((item) => {
    const texts = textsOf(item, now);
    return tests.every(({ field, text }) =>
      field === undefined
        ? Object.values(texts).some((one) => one.includes(text))
        : texts[field].includes(text),
    );
  });
}

function textsOf({ entry, agent, live, outcome }: ListItem, now: number): Readonly<Record<Field, string>> {
  const { session, flags, standing } = entry;
  const { meta } = session;
  const notes = [standing.session, ...standing.flags.values()].map((review) => review?.note ?? "");
  const all = {
    agent: `${agent}\n${meta.command.join(" ")}`,
    dir: meta.cwd,
    rule: flags.map(({ rule }) => [rule.title, rule.sentence, rule.id, ...rule.tags].join("\n")).join("\n"),
    date: `${dayText(session.startedAt)} ${relativeDay(session.startedAt, now)}`,
    verdict: [outcome.verdict ?? "open", ...notes].join("\n"),
    level: flags.map(({ rule }) => rule.level).join("\n"),
    id: session.id,
    state: live ? "live" : session.state,
  };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, fold(text)])) as typeof all;
}

const DAY = 86_400_000_000;

function relativeDay(at: number, now: number): string {
  const day = dayText(at).slice(0, 10);
  if (day === dayText(now).slice(0, 10)) return "today";
  return day === dayText(now - DAY).slice(0, 10) ? "yesterday" : "";
}
