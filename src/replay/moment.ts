import type { Flag } from "../core/flag.js";
import { findText } from "../terminal/findText.js";
import type { Screen } from "../terminal/screen.js";
import type { Place, Stage } from "./stage.js";
import type { Timeline } from "./timeline.js";

/** How far to look for a flagged text around the event that completed it, in events. */
const NEAR_SCREEN = { later: 100, earlier: 50 };
/** What was not seen on the screen in the first place may be there by chance only. */
const NEAR_OTHERS = { later: 20, earlier: 10 };
/** At how many cuts inside an output to look, and how long that may be. */
const MAX_CUTS = 2000;
const LONGEST_CUT = 64 * 1024;

const ESC = 0x1b;
const LF = 0x0a;
const CR = 0x0d;

/** The texts by which a flag's evidence may be seen on the screen, the most telling first. */
export function shownTexts(flag: Flag): readonly string[] {
  const ordered = [...flag.evidence].sort((a, b) => rank(a.source) - rank(b.source));
  const texts = ordered.flatMap(({ summary, fields }) => [
    summary,
    fields.Text ?? "",
    fields.CommandLine ?? "",
  ]);
  return [...new Set(texts.map((text) => text.replace(/…$/u, "").trim()))].filter((text) => text !== "");
}

const rank = (source: string): number => (source === "screen" ? 0 : source === "typed" ? 1 : 2);

/** The first of these texts that is on the screen, and where. */
export function findShown(screen: Screen, texts: readonly string[]): ReturnType<typeof findText> {
  for (const text of texts) {
    const spans = findText(screen, text);
    if (spans !== undefined) return spans;
  }
  return undefined;
}

/**
 * The place in the session where a flag is best looked at: right after the event that completed its evidence when
 * the text is shown then, else the first place around it where it is, if only between two bytes of one output.
 * Without any, the event itself. The stage is left there.
 */
export function momentOf(flag: Flag, timeline: Timeline, stage: Stage): Place {
  const texts = shownTexts(flag);
  const evidence = flag.evidence.find(({ source }) => source === "screen") ?? flag.evidence[0];
  const { index } = timeline;
  const event = evidence === undefined ? index.lastAt(flag.at) : index.lastWithSeq(evidence.seq);
  const here: Place = { event, bytes: 0 };
  const shows = (place: Place): boolean => {
    stage.goTo(place);
    return findShown(stage.screen, texts) !== undefined;
  };
  if (shows(here)) return here;
  const onScreen = evidence?.source === "screen";
  const inside = onScreen ? cutInside(event, stage, shows) : undefined;
  if (inside !== undefined) return inside;
  const near = onScreen ? NEAR_SCREEN : NEAR_OTHERS;
  for (let later = event + 1; later <= Math.min(event + near.later, index.count - 1); later++)
    if (index.isOutput(later) && shows({ event: later, bytes: 0 })) return { event: later, bytes: 0 };
  for (let earlier = event - 1; earlier >= Math.max(0, event - near.earlier); earlier--)
    if (index.isOutput(earlier) && shows({ event: earlier, bytes: 0 })) return { event: earlier, bytes: 0 };
  stage.goTo(here);
  return here;
}

/** A text may come and go within one output: looks before each control in it. */
function cutInside(event: number, stage: Stage, shows: (place: Place) => boolean): Place | undefined {
  stage.goTo({ event: event - 1, bytes: 0 });
  const output = stage.peek();
  if (output?.kind !== "output" || output.data.length > LONGEST_CUT) return undefined;
  let cuts = 0;
  for (let i = 1; i < output.data.length && cuts < MAX_CUTS; i++) {
    const byte = output.data[i];
    if (byte !== ESC && byte !== LF && byte !== CR) continue;
    cuts++;
    const place = { event: event - 1, bytes: i };
    if (shows(place)) return place;
  }
  return undefined;
}
