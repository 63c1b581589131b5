import type { Segment } from "../terminal/renderRow.js";
import { safeWidth } from "../terminal/safeText.js";
import { LOOKS, paint } from "./palette.js";
import type { ReplayView } from "./replayView.js";
import { type ColorDepth, RESET, sgr } from "./sgr.js";

/** A row of the recorded screen with control sequences for its styles, the marked cells standing out. */
export function paintSegments(segments: readonly Segment[], depth: ColorDepth): string {
  let painted = "";
  for (const { text, style, mark } of segments) {
    const on = sgr(
      mark === undefined
        ? style
        : mark === "cursor"
          ? { ...style, inverse: !style.inverse }
          : marked(mark, depth),
      depth,
    );
    painted += on === "" ? text : `${on}${text}${RESET}`;
  }
  return painted;
}

function marked(mark: "flag" | "hit", depth: ColorDepth) {
  if (mark === "flag") return depth === "none" ? LOOKS.flaggedPlain : LOOKS.flagged;
  return depth === "none" ? LOOKS.hitPlain : LOOKS.hit;
}

/** The rows above the chrome: the recorded screen, blank where it is smaller than the room for it, and the pane. */
export function screenRows(view: ReplayView, depth: ColorDepth): string[] {
  const room = view.rows - view.below.length;
  return Array.from({ length: room }, (_, i) => {
    const segments = view.screen[i] ?? [];
    const painted = paintSegments(segments, depth);
    if (view.pane.length === 0) return painted;
    const pane = paint(view.pane[i] ?? [], depth);
    if (view.screenCols === 0) return pane;
    const used = segments.reduce((sum, { text }) => sum + safeWidth(text), 0);
    return `${painted}${" ".repeat(Math.max(0, view.screenCols - used))}${paint(EDGE, depth)}${pane}`;
  });
}

const EDGE = [{ text: "│", look: "dim" }] as const;

/** The rows below it. */
export const chromeRows = (view: ReplayView, depth: ColorDepth): string[] =>
  view.below.map((pieces) => paint(pieces, depth));
