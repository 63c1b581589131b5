import { micros, shortId } from "../core/units.js";
import { safeText, safeWidth } from "../terminal/safeText.js";
import { dayText } from "./dayText.js";
import type { ListState } from "./listController.js";
import { LIST_KEYS } from "./listKeys.js";
import type { ListItem } from "./listModel.js";
import { LEVEL_SIGN, type Look, type Piece } from "./palette.js";
import { row, shorten } from "./rowText.js";
import { lengthText } from "./timeText.js";

type Row = readonly Piece[];

/** Rows that are not sessions: the head above, what is said of the selected one, the bar. */
const HEAD = 2;
const DETAIL = 5;
/** With fewer rows than this there is no room for what is said of the selected one. */
const LEAST_FOR_DETAIL = 14;

const detailRows = (rows: number): number => (rows >= LEAST_FOR_DETAIL ? DETAIL : 0);

/** How many sessions there is room for. */
export const listRoom = (rows: number): number => Math.max(1, rows - HEAD - detailRows(rows) - 1);

/** Which of the items that fit stands in a row of the terminal. */
export const itemAt = (row: number, top: number, rows: number): number | undefined =>
  row >= HEAD && row < HEAD + listRoom(rows) ? top + row - HEAD : undefined;

/** The list as rows of safe text, exactly as many and as wide as the terminal has. Pure. */
export function listRows(state: ListState): readonly Row[] {
  const { cols, rows, shown, top, selected } = state;
  if (state.help) return helpRows(cols, rows);
  const room = listRoom(rows);
  const lines: Row[] = [titleRow(state), headRow(cols)];
  for (let i = top; i < top + room; i++) {
    const item = shown[i];
    lines.push(item === undefined ? row(emptyText(state, i), [], cols) : itemRow(item, i === selected, cols));
  }
  if (detailRows(rows) > 0) lines.push(...details(shown[selected], cols));
  lines.push(barRow(state));
  return lines.slice(-rows);
}

const COLUMNS = { flags: 13, length: 7, agent: 9, verdict: 7 } as const;
/** Where there is room the day is told with its year, and the agent's name in full. */
const WIDE = 100;
const startedWidth = (cols: number): number => (cols >= WIDE ? 16 : 11);
const agentWidth = (cols: number): number => COLUMNS.agent + (cols >= WIDE ? 6 : 0);

/** A text in so many cells, and two of air. */
function cell(text: string, width: number, look: Look = "plain"): Piece {
  const short = shorten(safeText(text), width);
  return row([{ text: short, look }], [], width + 2).reduce(
    (sum, { text: part }) => ({ text: sum.text + part, look }),
    {
      text: "",
      look,
    },
  );
}

function headRow(cols: number): Row {
  const columns: readonly (readonly [string, number])[] = [
    ["FLAGS", COLUMNS.flags],
    ["STARTED", startedWidth(cols)],
    ["LENGTH", COLUMNS.length],
    ["AGENT", agentWidth(cols)],
    ["VERDICT", COLUMNS.verdict],
    ["DIRECTORY", 0],
  ];
  const text = columns.map(([name, width]) => name.padEnd(width + 2)).join("");
  return row([{ text: `   ${text}`, look: "dim" }], [], cols);
}

/** The end of a safe text, which of a path is the telling part. */
function endOf(text: string, width: number): string {
  if (safeWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && safeWidth(characters.join("")) > width - 1) characters.shift();
  return width < 1 ? "" : `…${characters.join("")}`;
}

function titleRow({ cols, items, shown, order }: ListState): Row {
  const count = shown.length === items.length ? `${items.length}` : `${shown.length} of ${items.length}`;
  const live = items.filter((item) => item.live).length;
  const left: Piece[] = [
    { text: " bodycam  ", look: "strong" },
    { text: `${count} ${items.length === 1 ? "session" : "sessions"}, ${order} first`, look: "plain" },
  ];
  return row(left, live > 0 ? [{ text: `● ${live} live `, look: "critical" }] : [], cols);
}

function itemRow(item: ListItem, selected: boolean, cols: number): Row {
  const { entry, worst, open, live, outcome, agent } = item;
  const { session, flags } = entry;
  const gravity =
    worst === undefined
      ? cell(flags.length === 0 ? "-" : `- (${flags.length} benign)`, COLUMNS.flags, "dim")
      : cell(`${LEVEL_SIGN[worst]} ${worst.slice(0, 8)} ${open}`, COLUMNS.flags, worst);
  const verdict = outcome.verdict ?? (outcome.reviewed > 0 ? `${outcome.reviewed}/${flags.length}` : "");
  const pieces: Piece[] = [
    { text: selected ? " ▸ " : "   ", look: "strong" },
    gravity,
    cell(dayText(session.startedAt).slice(-startedWidth(cols)), startedWidth(cols)),
    live
      ? cell("● live", COLUMNS.length, "critical")
      : cell(session.state === "torn" ? "torn" : lengthText(micros(session.durationUs)), COLUMNS.length),
    cell(agent, agentWidth(cols)),
    cell(verdict, COLUMNS.verdict, outcome.verdict === "true" ? "high" : "plain"),
  ];
  const used = pieces.reduce((sum, { text }) => sum + safeWidth(text), 0);
  pieces.push({ text: endOf(safeText(session.meta.cwd), cols - used), look: "plain" });
  return row(selected ? pieces.map((piece): Piece => ({ ...piece, look: "bar" })) : pieces, [], cols);
}

/** What is said of the selected session: its command, its gravest flags, and the reviewers' word. */
function details(item: ListItem | undefined, cols: number): readonly Row[] {
  const lines: Row[] = [row([{ text: "─".repeat(cols), look: "dim" }], [], cols)];
  if (item !== undefined) {
    const { session, standing } = item.entry;
    const { meta } = session;
    lines.push(
      row(
        [
          { text: ` ${shortId(session.id)}`, look: "strong" },
          { text: `  ${safeText(meta.command.join(" "))}`, look: "plain" },
        ],
        [{ text: safeText(`${meta.user}@${meta.host} `), look: "dim" }],
        cols,
      ),
    );
    const said = standing.session;
    if (said !== undefined)
      lines.push(
        row([{ text: safeText(` ${said.verdict}, says ${said.by}: ${said.note}`), look: "plain" }], [], cols),
      );
    for (const { rule, id } of item.gravest.slice(0, DETAIL - lines.length)) {
      const verdict = standing.flags.get(id)?.verdict;
      lines.push(
        row(
          [
            { text: ` ${LEVEL_SIGN[rule.level]} ${rule.level}`, look: rule.level },
            { text: `  ${safeText(rule.sentence === "" ? rule.title : rule.sentence)}`, look: "plain" },
          ],
          verdict === undefined ? [] : [{ text: `${verdict} `, look: "dim" }],
          cols,
        ),
      );
    }
  }
  while (lines.length < DETAIL) lines.push(row([], [], cols));
  return lines.slice(0, DETAIL);
}

/** What stands where no session does. */
function emptyText({ items, shown, query }: ListState, line: number): Row {
  if (shown.length > 0 || line > 0) return [];
  const text =
    items.length === 0
      ? "   Nothing has been recorded yet. Begin with: bodycam run -- codex"
      : `   No session fits "${safeText(query)}". Esc shows all of them again.`;
  return [{ text, look: "dim" }];
}

function barRow({ cols, query, filtering, message }: ListState): Row {
  if (message !== undefined) {
    const text = endOf(safeText(message), cols - 2);
    return row([{ text: ` ${text}`, look: "bar" }], [], cols);
  }
  const left =
    filtering || query !== ""
      ? ` filter: ${safeText(query)}▏`
      : " Type to filter by agent, directory, rule, date …";
  return row([{ text: left, look: "bar" }], [{ text: "Enter watch  ? help  q quit ", look: "bar" }], cols);
}

const LABEL_WIDTH = 10;

/** The help, from the table of keys. */
function helpRows(cols: number, rows: number): readonly Row[] {
  const lines: Row[] = [
    [{ text: " bodycam: the list of sessions", look: "strong" }],
    [],
    ...LIST_KEYS.map(
      ({ label, help }): Row => [
        { text: `  ${label.padEnd(LABEL_WIDTH)}`, look: "strong" },
        { text: help, look: "plain" },
      ],
    ),
    [],
    [
      {
        text: "  Words are looked for everywhere, or in one place: agent:codex dir:shop rule:cookie",
        look: "dim",
      },
    ],
    [{ text: "  date:2026-11 (or today) verdict:open level:critical; live sessions: live", look: "dim" }],
  ];
  const fitted = lines.slice(0, rows - 1);
  while (fitted.length < rows - 1) fitted.push([]);
  return [...fitted, [{ text: " any key goes back to the list", look: "bar" as const }]].map((pieces) =>
    row(pieces, [], cols),
  );
}
