import { BodycamError } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { asShown } from "../core/shownOutput.js";
import { type Micros, micros } from "../core/units.js";
import { findShown, shownTexts } from "../replay/moment.js";
import type { Mark } from "../terminal/renderRow.js";
import { Screen } from "../terminal/screen.js";

/** A screen as it was at a moment of a session, and what is marked on it. */
export interface ScreenAt {
  readonly screen: Screen;
  readonly at: Micros;
  readonly marks: readonly Mark[];
}

/** A flag's text is looked for in so many outputs behind the one that completed its evidence. */
const NEAR = 200;

/** The screen at a moment; at the end by default. Everything up to the moment, and at it, is shown. */
export function screenAt(events: Iterable<SessionEvent>, moment: Micros | undefined): ScreenAt {
  let screen = new Screen(80, 24);
  let at = micros(0);
  for (const event of asShown(events)) {
    if (moment !== undefined && event.at > moment) break;
    at = event.at;
    screen = shown(screen, event);
  }
  return { screen, at: moment ?? at, marks: [] };
}

/** The screen where a flag's text is shown, at the moment of its evidence or soon after it. */
export function screenAtFlag(events: Iterable<SessionEvent>, flag: Flag): ScreenAt {
  const evidence = flag.evidence.find(({ source }) => source === "screen") ?? flag.evidence[0];
  const texts = shownTexts(flag);
  let screen = new Screen(80, 24);
  let near: Screen | undefined;
  let left = NEAR;
  for (const event of asShown(events)) {
    const reached = evidence === undefined ? event.at > flag.at : event.seq > evidence.seq;
    if (reached) {
      const spans = findShown(screen, texts);
      if (spans !== undefined || left-- <= 0)
        return {
          screen,
          at: flag.at,
          marks: (spans ?? []).map((span) => ({ ...span, kind: "flag" as const })),
        };
      if (near === undefined) {
        const kept = screen.snapshot();
        near = kept === undefined ? undefined : Screen.from(kept);
      }
    }
    screen = shown(screen, event);
  }
  const spans = findShown(screen, texts);
  if (spans !== undefined || near === undefined)
    return { screen, at: flag.at, marks: (spans ?? []).map((span) => ({ ...span, kind: "flag" as const })) };
  return { screen: near, at: flag.at, marks: [] };
}

/** The screen after one more event. */
function shown(screen: Screen, event: SessionEvent): Screen {
  if (event.kind === "open") return new Screen(event.meta.size.cols, event.meta.size.rows);
  if (event.kind === "output") screen.write(event.data);
  else if (event.kind === "resize") screen.resize(event.size.cols, event.size.rows);
  return screen;
}

/** `12.5`, `1:02` or `1:02:03` as a moment of a session. Throws BodycamError `bad-usage`. */
export function parseMoment(text: string): Micros {
  const parts = /^(?:(?:(\d{1,4}):)?(\d{1,6}):)?(\d{1,9}(?:\.\d{1,6})?)$/.exec(text);
  if (parts === null) {
    throw new BodycamError("bad-usage", `"${text}" is no moment of a session.`, {
      hint: "Give seconds, or minutes and seconds: 12.5, 1:02, 1:02:03.",
    });
  }
  const [hours, minutes, seconds] = [Number(parts[1] ?? 0), Number(parts[2] ?? 0), Number(parts[3])];
  return micros(Math.round(((hours * 60 + minutes) * 60 + seconds) * 1e6));
}
