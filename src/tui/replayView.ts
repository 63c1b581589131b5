import type { Claims } from "../core/claims.js";
import type { Flag } from "../core/flag.js";
import type { Micros } from "../core/units.js";
import type { Activity } from "../replay/activity.js";
import type { Player } from "../replay/player.js";
import { findText } from "../terminal/findText.js";
import { type Mark, renderRow, type Segment, type Span } from "../terminal/renderRow.js";
import { safeText } from "../terminal/safeText.js";
import type { Cursor, Screen } from "../terminal/screen.js";
import { activityPane } from "./activityPane.js";
import { flagPane, type RuleNotes } from "./flagPane.js";
import { flagRows } from "./flagRows.js";
import type { Piece } from "./palette.js";
import type { SessionInfo } from "./plainAccount.js";
import { row } from "./rowText.js";
import type { SearchState } from "./searchState.js";
import type { Strip } from "./strip.js";
import { lengthText, momentText } from "./timeText.js";
import { follow, type Offset } from "./viewport.js";

/** Everything there is to see at one moment, as data: rows of safe text and how it looks. */
export interface ReplayView {
  readonly cols: number;
  readonly rows: number;
  /** The part of the recorded screen that is shown, a row each, and how wide the room for it is. */
  readonly screen: readonly (readonly Segment[])[];
  readonly screenCols: number;
  /** What of the recorded screen that is. */
  readonly offset: Offset;
  /** The rows of the pane beside it; none when there is no pane. */
  readonly pane: readonly (readonly Piece[])[];
  /** The event behind each row of the pane, for those that have one. */
  readonly paneEvents: readonly (number | undefined)[];
  /** The rows below: about the flag, the strip, the status; or what took their place. */
  readonly below: readonly (readonly Piece[])[];
}

export type PaneKind = "none" | "flag" | "activity";

/** What of the view is the reviewer's own doing. */
export interface ViewState {
  readonly cols: number;
  readonly rows: number;
  readonly offset: Offset;
  /** Whether the offset was chosen by hand: then it stays. */
  readonly panned: boolean;
  readonly pane: PaneKind;
  readonly scroll: number;
  readonly zoom: number;
}

/** What the view tells beside what the player knows. */
export interface ViewData {
  readonly session: SessionInfo;
  readonly activity: Activity | undefined;
  readonly claims: Claims | undefined;
  readonly notes: RuleNotes | undefined;
  readonly verdict: string | undefined;
  readonly search: SearchState | undefined;
  /** What is being made ready in the background: from 0 to 1. */
  readonly prepared: number;
  readonly hits: readonly Micros[];
  /** What stands below instead of the usual rows. */
  readonly overlay: readonly (readonly Piece[])[] | undefined;
  /** What was shown last, to stand while a long way is gone. */
  readonly before: ReplayView | undefined;
}

const FLAG_ROWS = 2;
const NARROW = 60;

/** How wide a pane is: all there is on a narrow terminal. */
const paneWidth = ({ cols, pane }: Pick<ViewState, "cols" | "pane">): number =>
  pane === "none" ? 0 : cols < NARROW ? cols : Math.max(30, Math.min(64, Math.floor(cols * 0.45)));

/** How large the part of the recorded screen is for which there is room. */
export function screenRoom(
  view: Pick<ViewState, "cols" | "rows" | "pane">,
  flags: readonly Flag[],
  overlay?: readonly unknown[],
): { cols: number; rows: number } {
  const below = overlay?.length ?? (flags.length > 0 ? FLAG_ROWS : 0) + 2;
  const beside = paneWidth(view);
  const cols = beside === 0 ? view.cols : Math.max(0, view.cols - beside - 1);
  return { cols, rows: Math.max(1, view.rows - below) };
}

export function replayView(player: Player, strip: Strip, view: ViewState, data: ViewData): ReplayView {
  const { state, timeline, flag } = player;
  const room = screenRoom(view, timeline.flags, data.overlay);
  const found = player.findFlag();
  const stands = state.seeking !== undefined && data.before?.screenCols === room.cols;
  const part =
    stands && data.before !== undefined ? data.before : screenPart(player, found, view, data, room);
  const pane = paneOf(player, view, data, room.rows);
  return {
    cols: view.cols,
    rows: view.rows,
    screen: part.screen,
    screenCols: room.cols,
    offset: part.offset,
    pane: pane.rows,
    paneEvents: pane.events,
    below: data.overlay ?? [
      ...(timeline.flags.length === 0
        ? []
        : flagRows(flag, found !== undefined, player.wasShown, data.verdict, view.cols)),
      strip.pieces(state, view.cols, view.zoom, data.hits),
      statusRow(player, data, view, room),
    ],
  };
}

/** The part of the recorded screen that is to be seen, with what stands out on it. */
function screenPart(
  { screen }: Player,
  found: readonly Span[] | undefined,
  view: ViewState,
  { search }: ViewData,
  room: { cols: number; rows: number },
): Pick<ReplayView, "screen" | "offset"> {
  const { cursor } = screen;
  const hit = search?.shown === undefined ? undefined : findText(screen, search.shown);
  const look = hit ?? found;
  const offset = view.panned ? view.offset : lookAt(look, cursor, view.offset, screen, room);
  const marks: Mark[] = [
    ...(hit ?? []).map((span): Mark => ({ ...span, kind: "hit" })),
    ...(found ?? []).map((span): Mark => ({ ...span, kind: "flag" })),
  ];
  if (cursor.visible)
    marks.push({ kind: "cursor", row: cursor.row, from: cursor.column, to: cursor.column + 1 });
  const rows: (readonly Segment[])[] = [];
  for (let i = offset.row; i < Math.min(screen.rows, offset.row + room.rows); i++)
    rows.push(renderRow(screen, i, { from: offset.column, to: offset.column + room.cols, marks }));
  return { screen: rows, offset };
}

/** What stands out, its beginning above all, or else the cursor. */
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

function paneOf(
  player: Player,
  view: ViewState,
  data: ViewData,
  height: number,
): { readonly rows: ReplayView["pane"]; readonly events: ReplayView["paneEvents"] } {
  const width = paneWidth(view);
  switch (view.pane) {
    case "none":
      return { rows: [], events: [] };
    case "activity": {
      const size = { width, height, scroll: view.scroll };
      return activityPane(data.activity, player.state.place.event, data.claims, size);
    }
    case "flag": {
      const rows = flagPane(player.flag, data.notes, data.verdict, width);
      const first = Math.max(0, Math.min(view.scroll, rows.length - height));
      return { rows: rows.slice(first, first + height), events: [] };
    }
  }
}

function statusRow(
  player: Player,
  data: ViewData,
  view: ViewState,
  room: { cols: number; rows: number },
): readonly Piece[] {
  const { state, timeline, screen } = player;
  const { flags, duration } = timeline;
  const { search, prepared, session } = data;
  const sign = state.playing ? "▶" : state.at >= duration ? "■" : "▮▮";
  const larger = screen.cols > room.cols || screen.rows > room.rows;
  const parts = [
    ` ${sign} ${momentText(state.at)} / ${lengthText(duration)}`,
    ...(state.seeking === undefined ? [] : [`going there: ${percent(state.seeking)}`]),
    ...(session.notice === undefined ? [] : [session.notice]),
    `${state.speed}×`,
    ...(search === undefined ? [] : [search.status]),
    ...(flags.length > 0 ? [`flag ${state.flag + 1}/${flags.length}`] : ["no flags"]),
    ...(timeline.idle.length > 0 ? [state.cutIdle ? "idle cut" : "idle kept"] : []),
    ...(view.zoom > 1 ? [`zoom ${view.zoom}×`] : []),
    ...(larger ? [`${screen.cols}×${screen.rows}`] : []),
    ...(prepared < 1 ? [`reading ${percent(prepared)}`] : []),
    safeText(session.command.join(" ")),
  ];
  return row(
    [{ text: parts.join("  "), look: "bar" }],
    [{ text: "? help  q quit ", look: "bar" }],
    view.cols,
  );
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`;
