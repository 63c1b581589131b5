import type { Segment } from "../terminal/renderRow.js";
import { LOOKS, type Piece, paint } from "./palette.js";
import type { ReplayView } from "./replayView.js";
import { type ColorDepth, RESET, sgr } from "./sgr.js";

/** A row of the recorded screen with control sequences for its styles, the marked cells standing out. */
export function paintSegments(segments: readonly Segment[], depth: ColorDepth): string {
  let painted = "";
  for (const { text, style, mark } of segments) {
    const on = sgr(
      mark === "flag" ? flagged(depth) : mark === "cursor" ? { ...style, inverse: !style.inverse } : style,
      depth,
    );
    painted += on === "" ? text : `${on}${text}${RESET}`;
  }
  return painted;
}

const flagged = (depth: ColorDepth) => (depth === "none" ? LOOKS.flaggedPlain : LOOKS.flagged);

/** The rows above the chrome: the recorded screen, and blank ones when it is smaller than the room for it. */
export function screenRows(view: ReplayView, depth: ColorDepth): string[] {
  const rows = view.screen.map((segments) => paintSegments(segments, depth));
  const room = view.rows - chromeRows(view, depth).length;
  while (rows.length < room) rows.push("");
  return rows;
}

/** The rows below it. */
export function chromeRows(view: ReplayView, depth: ColorDepth): string[] {
  return [...view.flag, view.strip, view.status].map((pieces: readonly Piece[]) => paint(pieces, depth));
}
