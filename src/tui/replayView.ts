import type { Confidence, EvidenceSource, Flag } from "../core/flag.js";
import type { Player } from "../replay/player.js";
import { type Mark, renderRow, type Segment, type Span } from "../terminal/renderRow.js";
import { safeText } from "../terminal/safeText.js";
import type { Cursor, Screen } from "../terminal/screen.js";
import { LEVEL_SIGN, type Piece } from "./palette.js";
import type { SessionInfo } from "./plainAccount.js";
import { row } from "./rowText.js";
import type { Strip } from "./strip.js";
import { lengthText, momentText } from "./timeText.js";
import { follow, type Offset } from "./viewport.js";

/** Everything there is to see at one moment, as data: rows of safe text and how it looks. */
export interface ReplayView {
  readonly cols: number;
  readonly rows: number;
  /** The part of the recorded screen that is shown, a row each. */
  readonly screen: readonly (readonly Segment[])[];
  /** What of the recorded screen that is. */
  readonly offset: Offset;
  /** The rows about the current flag; none when there are no flags. */
  readonly flag: readonly (readonly Piece[])[];
  readonly strip: readonly Piece[];
  readonly status: readonly Piece[];
}

/** What of the view is the reviewer's own doing. */
export interface ViewState {
  readonly cols: number;
  readonly rows: number;
  readonly offset: Offset;
  /** Whether the offset was chosen by hand: then it stays. */
  readonly panned: boolean;
}

const FLAG_ROWS = 2;

/** How large the part of the recorded screen is for which there is room. */
export function screenRoom(
  view: Pick<ViewState, "cols" | "rows">,
  flags: readonly Flag[],
): { cols: number; rows: number } {
  const below = (flags.length > 0 ? FLAG_ROWS : 0) + 2;
  return { cols: view.cols, rows: Math.max(1, view.rows - below) };
}

export function replayView(player: Player, session: SessionInfo, strip: Strip, view: ViewState): ReplayView {
  const { screen, timeline, flag } = player;
  const room = screenRoom(view, timeline.flags);
  const found = player.findFlag();
  const { cursor } = screen;
  const offset = view.panned ? view.offset : lookAt(found, cursor, view.offset, screen, room);

  const marks: Mark[] = (found ?? []).map((span) => ({ ...span, kind: "flag" }));
  if (cursor.visible)
    marks.push({ kind: "cursor", row: cursor.row, from: cursor.column, to: cursor.column + 1 });
  const rows: (readonly Segment[])[] = [];
  for (let i = offset.row; i < Math.min(screen.rows, offset.row + room.rows); i++)
    rows.push(renderRow(screen, i, { from: offset.column, to: offset.column + room.cols, marks }));

  const larger = screen.cols > room.cols || screen.rows > room.rows;
  return {
    cols: view.cols,
    rows: view.rows,
    screen: rows,
    offset,
    flag: timeline.flags.length === 0 ? [] : flagRows(flag, found !== undefined, view.cols),
    strip: strip.pieces(player.state, view.cols),
    status: statusRow(player, session, larger, view.cols),
  };
}

/** The flagged text, its beginning above all, or else the cursor. */
function lookAt(
  found: readonly Span[] | undefined,
  cursor: Cursor,
  from: Offset,
  screen: Screen,
  room: { cols: number; rows: number },
): Offset {
  const [first, last] = [found?.[0], found?.at(-1)];
  if (first === undefined || last === undefined) return follow(from, cursor, screen, room);
  const end = { row: last.row, column: Math.max(...(found ?? []).map(({ to }) => to)) - 1 };
  return follow(follow(from, end, screen, room), { row: first.row, column: first.from }, screen, room);
}

const KNOWN: Readonly<Record<Confidence, string>> = {
  seen: "only seen",
  requested: "asked for",
  confirmed: "confirmed",
};

const SOURCES: Readonly<Record<EvidenceSource, string>> = {
  screen: "on the screen",
  typed: "typed",
  "tool-call": "tool call",
  process: "process",
  file: "file",
  network: "network",
};

function flagRows(flag: Flag | undefined, shown: boolean, width: number): (readonly Piece[])[] {
  if (flag === undefined)
    return [
      row([{ text: " No flag so far: n goes to the first", look: "dim" }], [], width),
      row([], [], width),
    ];
  const { level, sentence, title } = flag.rule;
  const evidence = flag.evidence[0];
  const first: Piece[] = [
    { text: ` ${LEVEL_SIGN[level]} ${level.toUpperCase()} `, look: level },
    { text: ` ${safeText(sentence === "" ? title : sentence)}`, look: "strong" },
  ];
  const second: Piece[] = [{ text: `   ${momentText(flag.at)}  ${KNOWN[flag.confidence]}`, look: "dim" }];
  if (evidence !== undefined)
    second.push(
      { text: ` ${SOURCES[evidence.source]}: `, look: "dim" },
      { text: safeText(evidence.summary), look: "plain" },
    );
  const banner: Piece[] = shown ? [] : [{ text: "not on the screen at this moment ", look: "notShown" }];
  return [row(first, [], width), row(second, banner, width)];
}

function statusRow(player: Player, session: SessionInfo, larger: boolean, width: number): readonly Piece[] {
  const { state, timeline, screen } = player;
  const { flags, duration } = timeline;
  const sign = state.playing ? "▶" : state.at >= duration ? "■" : "▮▮";
  const parts = [
    ` ${sign} ${momentText(state.at)} / ${lengthText(duration)}`,
    `${state.speed}×`,
    ...(flags.length > 0 ? [`flag ${state.flag + 1}/${flags.length}`] : ["no flags"]),
    ...(timeline.idle.length > 0 ? [state.cutIdle ? "idle cut" : "idle kept"] : []),
    ...(larger ? [`${screen.cols}×${screen.rows}`] : []),
    safeText(session.command.join(" ")),
  ];
  return row([{ text: parts.join("  "), look: "bar" }], [{ text: "? help  q quit ", look: "bar" }], width);
}
