import type { Claims } from "../core/claims.js";
import { BodycamError } from "../core/errors.js";
import { micros, type Seq } from "../core/units.js";
import type { OpenReplay } from "../replay/openReplay.js";
import type { Player, WatchClock } from "../replay/player.js";
import type { RuleNotes } from "./flagPane.js";
import type { Input } from "./input.js";
import { type Action, actionOf } from "./keys.js";
import type { Overlay, ReplayHooks } from "./overlay.js";
import type { SessionInfo } from "./plainAccount.js";
import { SearchPrompt } from "./prompt.js";
import { type PaneKind, type ReplayView, replayView, screenRoom, type ViewState } from "./replayView.js";
import { Search } from "./searchState.js";
import { MAX_ZOOM, Strip } from "./strip.js";
import { pan } from "./viewport.js";

/** What is on the reviewer's screen now. A new object after every change. */
export interface Scene {
  readonly view: ReplayView;
  readonly help: boolean;
}

/** What a replay is of, and what else is known of it. */
export interface Reviewed {
  readonly session: SessionInfo;
  readonly hooks?: ReplayHooks;
  readonly claims?: Claims;
  /** What the rule of a flag says of itself; `known` is called when that becomes known only later. */
  readonly ruleNotes?: (rule: string, known: () => void) => RuleNotes | undefined;
  /** Where the recording is, for what reads it in a thread of its own. */
  readonly path?: string;
}

/** Where to begin: at an event, or where a search finds something at it. */
export interface Beginning {
  readonly seq: Seq;
  readonly search?: string;
}

const SEEK = micros(5_000_000);
const SEEK_FAR = micros(60_000_000);
const PAN = { columns: 8, rows: 4 };
const SCROLL = 5;

/** While playing: no more frames than 60 a second, and the time counts on at least ten times a second. */
const FASTEST = 16;
const SLOWEST = 100;

/** Turns keys, the mouse and the passing of time into scenes. */
export class ReplayController {
  readonly #player: Player;
  readonly #replay: OpenReplay;
  readonly #reviewed: Reviewed;
  readonly #clock: WatchClock;
  readonly #strip: Strip;
  readonly #listeners = new Set<() => void>();
  readonly #actions: Readonly<Record<Action, () => void>>;
  readonly #unsubscribe: () => void;
  #view: ViewState;
  #help = false;
  #overlay: Overlay | undefined;
  #search: Search | undefined;
  /** The search has still to go to its first hit. */
  #toFirstHit = false;
  #scene: Scene;
  #timer: NodeJS.Timeout | undefined;
  #shownAt = 0;

  constructor(
    player: Player,
    replay: OpenReplay,
    reviewed: Reviewed,
    clock: WatchClock,
    size: { cols: number; rows: number },
    quit: () => void,
  ) {
    this.#player = player;
    this.#replay = replay;
    this.#reviewed = reviewed;
    this.#clock = clock;
    this.#strip = new Strip(player.timeline);
    this.#view = { ...size, offset: { column: 0, row: 0 }, panned: false, pane: "none", scroll: 0, zoom: 1 };
    this.#scene = { view: this.#look(), help: false };
    this.#unsubscribe = replay.background.subscribe(() => this.#show());
    this.#actions = {
      toggle: () => player.toggle(),
      back: () => player.seekBy(micros(-SEEK)),
      forward: () => player.seekBy(SEEK),
      "back-far": () => player.seekBy(micros(-SEEK_FAR)),
      "forward-far": () => player.seekBy(SEEK_FAR),
      "step-back": () => player.stepBack(),
      "step-forward": () => player.stepForward(),
      "event-back": () => player.stepEvent(-1),
      "event-forward": () => player.stepEvent(1),
      next: () => this.#nextHit(1),
      previous: () => this.#nextHit(-1),
      "next-flag": () => this.#jump(() => player.nextFlag()),
      "previous-flag": () => this.#jump(() => player.previousFlag()),
      search: () => this.#prompt(),
      explain: () => this.#pane("flag"),
      activity: () => this.#pane("activity"),
      "scroll-up": () => this.#scroll(-SCROLL),
      "scroll-down": () => this.#scroll(SCROLL),
      start: () => this.#jump(() => player.seek(micros(0))),
      end: () => this.#jump(() => player.seek(player.timeline.duration)),
      faster: () => player.faster(),
      slower: () => player.slower(),
      idle: () => player.setCutIdle(!player.state.cutIdle),
      "zoom-in": () => this.#zoom(2),
      "zoom-out": () => this.#zoom(0.5),
      "pan-up": () => this.#pan(0, -PAN.rows),
      "pan-down": () => this.#pan(0, PAN.rows),
      "pan-left": () => this.#pan(-PAN.columns, 0),
      "pan-right": () => this.#pan(PAN.columns, 0),
      verdict: () => {
        player.pause();
        const { state, flag } = player;
        this.#overlay = reviewed.hooks?.verdict?.({ flag, at: state.at });
      },
      help: () => {
        this.#help = true;
      },
      close: () => this.#close(quit),
      quit,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly scene = (): Scene => this.#scene;

  /** What the table of keys has and this replay has not. */
  get missing(): ReadonlySet<Action> {
    return new Set(this.#reviewed.hooks?.verdict === undefined ? (["verdict"] as const) : []);
  }

  /** Where it was told to; else at the first flag, paused; without flags, playing from the start. */
  open(at?: Beginning): void {
    const { timeline } = this.#player;
    if (at?.search !== undefined) this.#find(at.search, at.seq - 1);
    if (at !== undefined) this.#player.goToEvent(timeline.index.lastWithSeq(at.seq));
    else if (timeline.flags.length > 0) this.#player.goToFlag(0);
    else this.#player.play();
    this.#show();
  }

  input(input: Input): void {
    if (input.kind === "key") this.key(input.name, input.text);
    else this.#mouse(input);
  }

  key(name: string, text?: string): void {
    if (this.#overlay !== undefined && name !== "ctrl+c") {
      if (!this.#overlay.key(name, text)) this.#overlay = undefined;
    } else if (this.#help && name !== "ctrl+c") this.#help = false;
    else {
      const action = actionOf(name);
      if (action === undefined) return;
      this.#actions[action]();
    }
    this.#show();
  }

  resize(cols: number, rows: number): void {
    this.#view = { ...this.#view, cols, rows, panned: false };
    this.#show();
  }

  /** Stops the clock and all that goes on. */
  stop(): void {
    this.#still();
    this.#unsubscribe();
    this.#search?.stop();
  }

  #still(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #mouse(input: Extract<Input, { kind: "mouse" }>): void {
    const { view } = this.#scene;
    if (this.#help || this.#overlay !== undefined) return;
    const onStrip = input.row === view.rows - 2;
    const onPane = view.pane.length > 0 && input.row < view.pane.length && input.column >= view.screenCols;
    const by = input.action === "wheel-up" ? -1 : input.action === "wheel-down" ? 1 : 0;
    if (by !== 0) {
      if (input.held) this.#zoom(by < 0 ? 2 : 0.5);
      else if (onPane) this.#scroll(by * 3);
      else this.#player.seekBy(micros(by * SEEK));
    } else if (onStrip && input.action !== "release") {
      const { state } = this.#player;
      this.#jump(() =>
        this.#player.seek(this.#strip.momentAt(input.column, state, view.cols, this.#view.zoom)),
      );
    } else if (onPane && input.action === "press") {
      const event = view.paneEvents[input.row];
      if (event !== undefined) this.#player.goToEvent(event);
    } else return;
    this.#show();
  }

  /** What is open first; then the replay itself. */
  #close(quit: () => void): void {
    if (this.#view.pane !== "none") this.#view = { ...this.#view, pane: "none", panned: false };
    else if (this.#search !== undefined) {
      this.#search.stop();
      this.#search = undefined;
    } else quit();
  }

  #pane(pane: PaneKind): void {
    this.#view = { ...this.#view, pane: this.#view.pane === pane ? "none" : pane, scroll: 0, panned: false };
  }

  /** In the list of deeds, further down is later: its scroll counts back from the end. */
  #scroll(by: number): void {
    const { pane, scroll } = this.#view;
    this.#view = { ...this.#view, scroll: Math.max(0, scroll + (pane === "activity" ? -by : by)) };
  }

  #zoom(by: number): void {
    this.#view = { ...this.#view, zoom: Math.max(1, Math.min(MAX_ZOOM, this.#view.zoom * by)) };
  }

  #prompt(): void {
    this.#player.pause();
    this.#overlay = new SearchPrompt("", (text) => {
      if (text === "") return undefined;
      return this.#find(text, this.#player.timeline.index.seq(this.#player.state.place.event));
    });
  }

  /** Begins a search that goes to its first hit behind an event. Returns why it can't. */
  #find(query: string, behind: number): string | undefined {
    const { path } = this.#reviewed;
    const { source, timeline } = this.#replay;
    try {
      const search = new Search(query, { source, path, count: timeline.index.count }, () =>
        this.#found(behind),
      );
      this.#search?.stop();
      this.#search = search;
      this.#toFirstHit = true;
      return undefined;
    } catch (error) {
      if (error instanceof BodycamError) return error.message;
      throw error;
    }
  }

  #found(behind: number): void {
    const search = this.#search;
    if (search === undefined) return;
    if (this.#toFirstHit) {
      const n = search.firstBehind(behind) ?? (search.done && search.hits.length > 0 ? 0 : undefined);
      if (n !== undefined) {
        this.#toFirstHit = false;
        this.#goToHit(n);
      }
    }
    this.#show();
  }

  #nextHit(by: 1 | -1): void {
    const search = this.#search;
    if (search === undefined) {
      this.#jump(() => (by > 0 ? this.#player.nextFlag() : this.#player.previousFlag()));
      return;
    }
    const { length } = search.hits;
    if (length > 0) this.#goToHit((search.current + by + length) % length);
  }

  #goToHit(n: number): void {
    const search = this.#search;
    const hit = search?.hits[n];
    if (search === undefined || hit === undefined) return;
    search.current = n;
    this.#jump(() => this.#player.goToText(this.#player.timeline.index.lastWithSeq(hit.seq), hit.text));
  }

  /** A jump undoes what was panned to by hand. */
  #jump(jump: () => void): void {
    this.#view = { ...this.#view, panned: false };
    if (this.#view.pane === "flag") this.#view = { ...this.#view, scroll: 0 };
    jump();
  }

  #pan(columns: number, rows: number): void {
    const room = screenRoom(this.#view, this.#player.timeline.flags);
    const offset = pan(this.#view.offset, columns, rows, this.#player.screen, room);
    this.#view = { ...this.#view, offset, panned: true };
  }

  #look(): ReplayView {
    const { session, claims, hooks, ruleNotes } = this.#reviewed;
    const { flag } = this.#player;
    const { activity, done } = this.#replay.background.state;
    const view = replayView(this.#player, this.#strip, this.#view, {
      session,
      activity,
      claims,
      notes:
        flag === undefined || this.#view.pane !== "flag"
          ? undefined
          : ruleNotes?.(flag.rule.id, () => this.#show()),
      verdict: flag === undefined ? undefined : hooks?.verdictText?.(flag),
      search: this.#search,
      prepared: done,
      hits: this.#search?.moments ?? NO_HITS,
      overlay: this.#overlay?.rows(this.#view.cols),
      before: this.#scene?.view,
    });
    this.#view = { ...this.#view, offset: view.offset };
    return view;
  }

  #show(): void {
    this.#scene = { view: this.#look(), help: this.#help };
    for (const listener of this.#listeners) listener();
    this.#still();
    const { due } = this.#player;
    const shown = this.#clock.now();
    const since = (shown - this.#shownAt) / 1000;
    this.#shownAt = shown;
    if (due === undefined) return;
    const soonest = Math.max(0, FASTEST - since);
    this.#later(Math.max(soonest, Math.min(SLOWEST, due / 1000)));
  }

  /** Goes on after a while. On a long way nothing is drawn but now and then how much of it is done. */
  #later(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#player.tick();
      const onTheWay = this.#player.state.seeking !== undefined;
      if (onTheWay && this.#clock.now() - this.#shownAt < SLOWEST * 1000) this.#later(0);
      else this.#show();
    }, milliseconds);
  }
}

const NO_HITS: readonly never[] = [];
