import type { Claims } from "../core/claims.js";
import type { Activity, Deed } from "../replay/activity.js";
import { safeText } from "../terminal/safeText.js";
import type { Look, Piece } from "./palette.js";
import { row } from "./rowText.js";
import { momentText } from "./timeText.js";

const SIGNS: Readonly<Record<Deed["kind"], string>> = {
  call: "»",
  process: "$",
  network: "@",
  change: "*",
  file: "!",
  coverage: "i",
};

/** A list of deeds as rows, and the deed that each row is of. */
export interface ActivityRows {
  readonly rows: readonly (readonly Piece[])[];
  readonly events: readonly (number | undefined)[];
}

/**
 * What was done behind the screen up to an event, the latest last: processes as a tree, and what the agent said that it
 * did. `scroll` rows further back when that many are there. Every row is exactly `width` cells.
 */
export function activityPane(
  activity: Activity | undefined,
  through: number,
  claims: Claims | undefined,
  { width, height, scroll }: { readonly width: number; readonly height: number; readonly scroll: number },
): ActivityRows {
  const head = [
    row([{ text: " » said by the agent   $ run   * changed", look: "title" }], [], width),
    ...claimRows(claims, width),
  ];
  const pad = head.map(() => undefined);
  if (activity === undefined || activity.deeds.length === 0) {
    const text =
      activity === undefined ? "reading…" : "Only the terminal was recorded: nothing behind it was seen.";
    return {
      rows: [...head, row([{ text: ` ${text}`, look: "dim" }], [], width)],
      events: [...pad, undefined],
    };
  }
  const { deeds, left } = activity;
  const count = countThrough(deeds, through);
  const room = Math.max(1, height - head.length);
  const end = Math.max(Math.min(count, room), count - scroll);
  const shown = deeds.slice(Math.max(0, end - room), end);
  const marks = new Map<number, string>();
  for (const { seq } of claims?.undeclared ?? []) marks.set(seq, "NOT DECLARED");
  for (const { seq } of claims?.unexecuted ?? []) marks.set(seq, "NEVER RAN");
  const rows = shown.map((deed) => deedRow(deed, through, marks.get(deed.event), width));
  const more =
    left > 0 && end === deeds.length ? [row([{ text: ` … and ${left} more`, look: "dim" }], [], width)] : [];
  return {
    rows: [...head, ...rows, ...more],
    events: [...pad, ...shown.map(({ event }) => event), ...more.map(() => undefined)],
  };
}

function claimRows(claims: Claims | undefined, width: number): readonly (readonly Piece[])[] {
  if (claims === undefined || claims.basis !== "compared") return [];
  const { calls, ran, undeclaredCount: undeclared } = claims;
  const text = ` said ${calls}, ran ${ran}, undeclared ${undeclared}`;
  return [row([{ text, look: undeclared > 0 || ran < calls ? "medium" : "dim" }], [], width)];
}

function deedRow(deed: Deed, through: number, mark: string | undefined, width: number): readonly Piece[] {
  const over = deed.ended !== undefined && deed.ended <= through;
  const look: Look =
    deed.kind === "call" ? "said" : !over ? "strong" : deed.kind === "process" ? "plain" : "dim";
  const outcome =
    over && deed.outcome !== undefined && deed.outcome !== "" ? ` ${safeText(deed.outcome)} ` : "";
  const end: Piece[] = outcome === "" ? [] : [{ text: outcome, look: "notShown" }];
  return row(
    [
      { text: ` ${momentText(deed.at).padStart(7)} `, look: "dim" },
      ...(mark === undefined ? [] : [{ text: `${mark} `, look: "high" as const }]),
      { text: `${"  ".repeat(deed.depth)}${SIGNS[deed.kind]} `, look: "dim" },
      { text: safeText(deed.text), look },
    ],
    end,
    width,
  );
}

/** How many deeds were told of by an event. They are in its order. */
function countThrough(deeds: readonly Deed[], event: number): number {
  let low = 0;
  let high = deeds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((deeds[middle] as Deed).event <= event) low = middle + 1;
    else high = middle;
  }
  return low;
}
