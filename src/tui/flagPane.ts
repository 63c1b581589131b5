import { attackNames } from "../core/attack.js";
import type { Confidence, Evidence, EvidenceSource, Flag } from "../core/flag.js";
import { safeText } from "../terminal/safeText.js";
import { LEVEL_SIGN, type Look, type Piece } from "./palette.js";
import { row, wrap } from "./rowText.js";
import { momentText } from "./timeText.js";

/** What a rule says of itself beside what its flags carry. */
export interface RuleNotes {
  readonly description: string | undefined;
  readonly falsePositives: readonly string[];
}

const KNOWN: Readonly<Record<Confidence, string>> = {
  seen: "seen: text on the screen, and nothing else",
  requested: "requested: typed, or in a tool call",
  confirmed: "confirmed: the system saw it happen",
};

export const SOURCES: Readonly<Record<EvidenceSource, string>> = {
  screen: "on the screen",
  typed: "typed",
  "tool-call": "tool call",
  process: "process",
  file: "file",
  network: "network",
};

const LONGEST_FIELD = 200;

type Line = readonly [text: string, look: Look, indent?: number];

/** Why a flag is one: a row each, exactly `width` cells. */
export function flagPane(
  flag: Flag | undefined,
  notes: RuleNotes | undefined,
  verdict: string | undefined,
  width: number,
): readonly (readonly Piece[])[] {
  if (flag === undefined) return [row([{ text: " No flag so far", look: "dim" }], [], width)];
  const { rule } = flag;
  const lines: Line[] = [
    [`${LEVEL_SIGN[rule.level]} ${rule.level.toUpperCase()}  ${rule.title}`, rule.level],
    [rule.sentence, "plain"],
    ["", "plain"],
    [KNOWN[flag.confidence], "strong"],
    ...(verdict === undefined ? [] : [[`Verdict: ${verdict}`, "strong"] as const]),
    ["", "plain"],
    ["Evidence", "title"],
    ...flag.evidence.flatMap(evidenceLines),
    ["", "plain"],
    ["ATT&CK", "title"],
    ...attackNames(rule.tags).map((name): Line => [name, "plain", 1]),
    ["", "plain"],
    ["Rule", "title"],
    [rule.id, "dim", 1],
    ...(notes?.description === undefined ? [] : [[notes.description, "plain", 1] as const]),
  ];
  if (notes !== undefined && notes.falsePositives.length > 0) {
    lines.push(["", "plain"], ["May be harmless", "title"]);
    for (const note of notes.falsePositives) lines.push([note, "plain", 1]);
  }
  return lines.flatMap((line) => rowsOf(line, width));
}

function evidenceLines({ source, at, summary, fields }: Evidence): readonly Line[] {
  const shown = Object.entries(fields).filter(([name, value]) => name !== "Text" && value !== summary);
  return [
    [`${momentText(at)}  ${SOURCES[source]}`, "strong", 1],
    [summary, "plain", 2],
    ...shown.map(([name, value]): Line => [`${name}: ${value.slice(0, LONGEST_FIELD)}`, "dim", 2]),
  ];
}

function rowsOf([text, look, indent = 0]: Line, width: number): readonly (readonly Piece[])[] {
  const margin = " ".repeat(indent + 1);
  const rows = wrap(safeText(text), Math.max(4, width - margin.length - 1));
  return (rows.length === 0 ? [""] : rows).map((part) => row([{ text: margin + part, look }], [], width));
}
