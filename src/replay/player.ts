import type { Flag } from "../core/flag.js";
import { type Micros, micros } from "../core/units.js";
import type { Span } from "../terminal/renderRow.js";
import type { Screen } from "../terminal/screen.js";
import type { EventSource } from "./eventSource.js";
import { PlayTime } from "./idle.js";
import type { Keyframes } from "./keyframes.js";
import { findShown, type Moment, momentNear, momentOf, shownTexts, type Walk } from "./moment.js";
import { type Place, START, Stage } from "./stage.js";
import type { Timeline } from "./timeline.js";

/** A clock of the watcher's side, in microseconds. Only differences count. */
export interface WatchClock {
  now(): number;
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64] as const;
export type Speed = (typeof SPEEDS)[number];

/** What a player is doing. A new object after every change. */
export interface PlayerState {
  readonly playing: boolean;
  readonly speed: Speed;
  readonly cutIdle: boolean;
  /** The moment of the session that is shown, or that is being gone to. */
  readonly at: Micros;
  readonly place: Place;
  /** The flag that was last passed or jumped to, by its place among the timeline's flags; -1 before the first. */
  readonly flag: number;
  /** How much of a long way to a place is done, from 0 to 1, while that is under way. */
  readonly seeking: number | undefined;
}

const UNCUT = new PlayTime([]);

/** Work goes on for so long at most (microseconds) before whoever shows the player gets their turn. */
const PATIENCE = 12_000;

/**
 * Plays a session on an emulated screen. It has no timers: whoever shows it calls `tick` when `due` says so, and
 * the clock it is given tells how far to go, and when it is time for a pause on a long way.
 */
export class Player {
  readonly timeline: Timeline;
  readonly #stage: Stage;
  readonly #clock: WatchClock;
  readonly #listeners = new Set<(state: PlayerState) => void>();
  /** Where flags are best looked at, as far as that was looked for. */
  readonly #moments = new Map<number, Moment>();
  #state: PlayerState;
  /** Where playing started, on the watcher's clock and in watching time. */
  #anchor = { clock: 0, watched: 0 };
  /** What is under way, where it wants to be next, and from where it set out. */
  #way: { readonly steps: Walk<void>; goal: Place; from: number } | undefined;

  constructor(timeline: Timeline, source: EventSource, clock: WatchClock, keyframes?: Keyframes) {
    this.timeline = timeline;
    this.#stage = new Stage(timeline, source, keyframes);
    this.#clock = clock;
    this.#state = {
      playing: false,
      speed: 1,
      cutIdle: true,
      at: micros(0),
      place: START,
      flag: -1,
      seeking: undefined,
    };
    this.seek(micros(0));
  }

  get state(): PlayerState {
    return this.#state;
  }

  get screen(): Screen {
    return this.#stage.screen;
  }

  get flag(): Flag | undefined {
    return this.timeline.flags[this.#state.flag];
  }

  /** Calls `listener` after every change; returns how to stop that. */
  subscribe(listener: (state: PlayerState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Plays on; from the start again when at the end. */
  play(): void {
    if (this.#state.playing) return;
    if (this.#state.at >= this.timeline.duration) this.seek(micros(0));
    this.#set({ playing: true });
    this.#drop();
  }

  pause(): void {
    this.tick();
    this.#set({ playing: false });
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  setSpeed(speed: Speed): void {
    this.tick();
    this.#set({ speed });
    this.#drop();
  }

  faster(): void {
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(this.#state.speed) + 1)] ?? 1);
  }

  slower(): void {
    this.setSpeed(SPEEDS[Math.max(0, SPEEDS.indexOf(this.#state.speed) - 1)] ?? 1);
  }

  setCutIdle(cutIdle: boolean): void {
    this.tick();
    this.#set({ cutIdle });
    this.#drop();
  }

  /** To a moment of the session: everything up to it, and at it, is shown. */
  seek(to: Micros): void {
    const at = micros(Math.max(0, Math.min(this.timeline.duration, to)));
    this.#show({ event: this.timeline.index.lastAt(at), bytes: 0 }, at);
  }

  /** By so much watching time, so that cut idle stretches are not what is skipped. */
  seekBy(by: Micros): void {
    if (this.#way === undefined) this.tick();
    const time = this.#playTime;
    this.seek(time.moment(time.watched(this.#state.at) + by));
  }

  /** Pauses and shows one output more. */
  stepForward(): void {
    this.pause();
    const { index } = this.timeline;
    const { event, bytes } = this.#state.place;
    // Inside an output, the rest of it is the next step.
    const next = bytes > 0 ? event + 1 : index.output(index.outputsThrough(event));
    if (next !== undefined) this.#show({ event: next, bytes: 0 }, index.at(next));
  }

  /** Pauses and shows one output less. */
  stepBack(): void {
    this.pause();
    const { index } = this.timeline;
    const { event, bytes } = this.#state.place;
    const shown = index.outputsThrough(event);
    const before = index.output(bytes > 0 ? shown - 1 : shown - 2);
    if (before === undefined) this.#show(START, micros(0));
    else this.#show({ event: before, bytes: 0 }, index.at(before));
  }

  /** Pauses and goes one event on or back, whatever kind it is. */
  stepEvent(by: 1 | -1): void {
    this.pause();
    const { event, bytes } = this.#state.place;
    this.goToEvent(by < 0 && bytes > 0 ? event : event + by);
  }

  /** Pauses right after an event. */
  goToEvent(event: number): void {
    this.pause();
    const { index } = this.timeline;
    const to = Math.max(-1, Math.min(index.count - 1, event));
    this.#show({ event: to, bytes: 0 }, to < 0 ? micros(0) : index.at(to));
  }

  /** Pauses where a text that an event brought about is on the screen, or right after that event. */
  goToText(event: number, text: string): void {
    this.pause();
    const at = this.timeline.index.at(event);
    this.#setOut({ event, bytes: 0 }, at, this.#toText(event, text));
  }

  *#toText(event: number, text: string): Walk<void> {
    const { place } = yield* momentNear(event, [text], true, this.timeline, this.#stage);
    this.#arrive(place, this.#timeOf(place));
  }

  /** Pauses at the next flag, where its text is shown. */
  nextFlag(): void {
    this.goToFlag(this.#state.flag + 1);
  }

  /** Pauses at the flag before the current one, or at the current one when it was played past. */
  previousFlag(): void {
    const { flag, at } = this.#state;
    const current = this.timeline.flags[flag];
    const past = current !== undefined && at - current.at > PAST;
    this.goToFlag(past ? flag : flag - 1);
  }

  goToFlag(n: number): void {
    const flag = this.timeline.flags[n];
    if (flag === undefined) return;
    this.pause();
    this.#setOut(START, flag.at, this.#toFlag(n, flag));
    this.#set({ flag: n });
  }

  *#toFlag(n: number, flag: Flag): Walk<void> {
    const known = this.#moments.get(n);
    if (known !== undefined) yield known.place;
    const moment = known ?? (yield* momentOf(flag, this.timeline, this.#stage));
    this.#moments.set(n, moment);
    const at = micros(Math.max(flag.at, this.#timeOf(moment.place)));
    this.#arrive(moment.place, at, n);
  }

  /**
   * Whether the current flag's text was on the screen at any time near its moment; undefined when that was not looked
   * for yet.
   */
  get wasShown(): boolean | undefined {
    return this.#moments.get(this.#state.flag)?.shown;
  }

  /** Where the current flag's text is on the screen; undefined when it is not there now. */
  findFlag(): readonly Span[] | undefined {
    return this.flag === undefined ? undefined : findShown(this.screen, shownTexts(this.flag));
  }

  /** Brings the screen to where it belongs now, or a piece further on a long way. */
  tick(): void {
    if (this.#way !== undefined) {
      this.#goOn();
      return;
    }
    if (!this.#state.playing) return;
    const passed = (this.#clock.now() - this.#anchor.clock) * this.#state.speed;
    const moment = this.#playTime.moment(this.#anchor.watched + passed);
    const ended = moment >= this.timeline.duration;
    const now = ended ? this.timeline.duration : moment;
    const event = Math.max(this.#state.place.event, this.timeline.index.lastAt(now));
    const there = this.#stage.approach({ event, bytes: 0 }, this.#late());
    const at = there ? now : this.#timeOf(this.#stage.place);
    this.#set({
      place: this.#stage.place,
      at,
      playing: !(ended && there),
      flag: Math.max(this.#flagAt(at), this.#state.flag),
    });
    // More output than can be shown in the time: time goes slower.
    if (!there) this.#drop();
  }

  /** Microseconds of the watcher's clock until there is something new to show; undefined when there never is. */
  get due(): number | undefined {
    if (this.#way !== undefined) return 0;
    if (!this.#state.playing) return undefined;
    const { index, duration } = this.timeline;
    const next = this.#state.place.event + 1;
    const at = next < index.count ? index.at(next) : duration;
    const watched = this.#playTime.watched(at) - this.#playTime.watched(this.#state.at);
    return Math.max(0, watched / this.#state.speed);
  }

  get #playTime(): PlayTime {
    return this.#state.cutIdle ? this.timeline.cut : UNCUT;
  }

  #timeOf({ event }: Place): Micros {
    return event < 0 ? micros(0) : this.timeline.index.at(event);
  }

  #show(place: Place, at: Micros): void {
    this.#setOut(place, at, this.#straight(place, at));
  }

  *#straight(place: Place, at: Micros): Walk<void> {
    yield place;
    this.#arrive(this.#stage.place, at);
  }

  /** Begins a way to somewhere, and goes it as far as there is time now. */
  #setOut(goal: Place, at: Micros, steps: Walk<void>): void {
    const { done, value } = steps.next();
    if (done === true) return;
    this.#way = { steps, goal: value, from: this.#stage.place.event };
    this.#set({ at, place: goal, flag: this.#flagAt(at) });
    this.#goOn();
  }

  #goOn(): void {
    const late = this.#late();
    while (this.#way !== undefined) {
      const way = this.#way;
      if (!this.#stage.approach(way.goal, late)) break;
      const { done, value } = way.steps.next();
      if (done === true) this.#way = undefined;
      else [way.goal, way.from] = [value, this.#stage.place.event];
      if (late()) break;
    }
    this.#set({ seeking: this.#progress() });
    if (this.#way === undefined) this.#drop();
  }

  #progress(): number | undefined {
    if (this.#way === undefined) return undefined;
    const { goal, from } = this.#way;
    const here = this.#stage.place.event;
    // Going back begins at a kept screen or the start.
    const begin = Math.min(from, here);
    return goal.event <= begin ? 0 : Math.max(0, Math.min(1, (here - begin) / (goal.event - begin)));
  }

  #late(): () => boolean {
    const until = this.#clock.now() + PATIENCE;
    return () => this.#clock.now() >= until;
  }

  #arrive(place: Place, at: Micros, flag = this.#flagAt(at)): void {
    this.#set({ place, at, flag });
  }

  /** The last flag at or before a moment. */
  #flagAt(at: Micros): number {
    const { flags } = this.timeline;
    let n = flags.length - 1;
    while (n >= 0 && (flags[n] as Flag).at > at) n--;
    return n;
  }

  /** Playing goes on from here. */
  #drop(): void {
    this.#anchor = { clock: this.#clock.now(), watched: this.#playTime.watched(this.#state.at) };
  }

  #set(change: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}

/** A flag played past by more than this is gone back to before the one in front of it. */
const PAST = 1_000_000;
