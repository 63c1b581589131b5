import type { Flag } from "../core/flag.js";
import { findText } from "../terminal/findText.js";
import type { Span } from "../terminal/renderRow.js";
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
export function findShown(screen: Screen, texts: readonly string[]): readonly Span[] | undefined {
  for (const text of texts) {
    const spans = findText(screen, text);
    if (spans !== undefined) return spans;
  }
  return undefined;
}

/** Where a flag is best looked at, and whether its text is on the screen there. */
export interface Moment {
  readonly place: Place;
  readonly shown: boolean;
}

/** A walk over a stage: yields where it wants the stage to be, and is resumed when it is there. */
export type Walk<T> = Generator<Place, T, void>;

/**
 * The place in the session where a flag is best looked at: right after the event that completed its evidence when
 * the text is shown then, else the first place around it where it is, if only between two bytes of one output.
 * Without any, the event itself.
 */
export function momentOf(flag: Flag, timeline: Timeline, stage: Stage): Walk<Moment> {
  const evidence = flag.evidence.find(({ source }) => source === "screen") ?? flag.evidence[0];
  const { index } = timeline;
  const event = evidence === undefined ? index.lastAt(flag.at) : index.lastWithSeq(evidence.seq);
  return momentNear(event, shownTexts(flag), evidence?.source === "screen", timeline, stage);
}

/** The same for any texts that an event brought about. `onScreen`: they are known to have been on the screen. */
export function* momentNear(
  event: number,
  texts: readonly string[],
  onScreen: boolean,
  { index }: Timeline,
  stage: Stage,
): Walk<Moment> {
  const here: Place = { event, bytes: 0 };
  const shows = (): boolean => findShown(stage.screen, texts) !== undefined;
  yield here;
  if (shows()) return { place: here, shown: true };
  const inside = onScreen ? yield* cutInside(event, stage, shows) : undefined;
  if (inside !== undefined) return { place: inside, shown: true };
  const near = onScreen ? NEAR_SCREEN : NEAR_OTHERS;
  for (let later = event + 1; later <= Math.min(event + near.later, index.count - 1); later++) {
    if (!index.isOutput(later)) continue;
    yield { event: later, bytes: 0 };
    if (shows()) return { place: { event: later, bytes: 0 }, shown: true };
  }
  // Forwards, and the last place counts: going back step by step would begin at a kept screen each time.
  let last: Place | undefined;
  for (let earlier = Math.max(0, event - near.earlier); earlier < event; earlier++) {
    if (!index.isOutput(earlier)) continue;
    yield { event: earlier, bytes: 0 };
    if (shows()) last = { event: earlier, bytes: 0 };
  }
  yield last ?? here;
  return { place: last ?? here, shown: last !== undefined };
}

/** A text may come and go within one output: looks before each control in it. */
function* cutInside(event: number, stage: Stage, shows: () => boolean): Walk<Place | undefined> {
  yield { event: event - 1, bytes: 0 };
  const output = stage.peek();
  if (output?.kind !== "output" || output.data.length > LONGEST_CUT) return undefined;
  let cuts = 0;
  for (let i = 1; i < output.data.length && cuts < MAX_CUTS; i++) {
    const byte = output.data[i];
    if (byte !== ESC && byte !== LF && byte !== CR) continue;
    cuts++;
    const place = { event: event - 1, bytes: i };
    yield place;
    if (shows()) return place;
  }
  return undefined;
}
