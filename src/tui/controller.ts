import { micros } from "../core/units.js";
import type { Player } from "../replay/player.js";
import { type Action, actionOf } from "./keys.js";
import type { SessionInfo } from "./plainAccount.js";
import { type ReplayView, replayView, screenRoom, type ViewState } from "./replayView.js";
import { Strip } from "./strip.js";
import { pan } from "./viewport.js";

/** What is on the reviewer's screen now. A new object after every change. */
export interface Scene {
  readonly view: ReplayView;
  readonly help: boolean;
}

const SEEK = micros(5_000_000);
const PAN = { columns: 8, rows: 4 };

/** While playing: no more frames than 30 a second, and the time counts on at least ten times a second. */
const FASTEST = 33;
const SLOWEST = 100;

/** Turns keys and the passing of time into scenes. */
export class ReplayController {
  readonly #player: Player;
  readonly #session: SessionInfo;
  readonly #strip: Strip;
  readonly #listeners = new Set<() => void>();
  readonly #actions: Readonly<Record<Action, () => void>>;
  #view: ViewState;
  #help = false;
  #scene: Scene;
  #timer: NodeJS.Timeout | undefined;

  constructor(player: Player, session: SessionInfo, size: { cols: number; rows: number }, quit: () => void) {
    this.#player = player;
    this.#session = session;
    this.#strip = new Strip(player.timeline);
    this.#view = { ...size, offset: { column: 0, row: 0 }, panned: false };
    this.#scene = this.#look();
    this.#actions = {
      toggle: () => player.toggle(),
      back: () => player.seekBy(micros(-SEEK)),
      forward: () => player.seekBy(SEEK),
      "step-back": () => player.stepBack(),
      "step-forward": () => player.stepForward(),
      "next-flag": () => this.#jump(() => player.nextFlag()),
      "previous-flag": () => this.#jump(() => player.previousFlag()),
      start: () => this.#jump(() => player.seek(micros(0))),
      end: () => this.#jump(() => player.seek(player.timeline.duration)),
      faster: () => player.faster(),
      slower: () => player.slower(),
      idle: () => player.setCutIdle(!player.state.cutIdle),
      "pan-up": () => this.#pan(0, -PAN.rows),
      "pan-down": () => this.#pan(0, PAN.rows),
      "pan-left": () => this.#pan(-PAN.columns, 0),
      "pan-right": () => this.#pan(PAN.columns, 0),
      help: () => {
        this.#help = true;
      },
      quit,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly scene = (): Scene => this.#scene;

  /** At the first flag, paused; without flags, playing from the start. */
  open(): void {
    if (this.#player.timeline.flags.length > 0) this.#player.goToFlag(0);
    else this.#player.play();
    this.#show();
  }

  key(name: string): void {
    const action = actionOf(name);
    if (this.#help && name !== "ctrl+c") this.#help = false;
    else if (action !== undefined) this.#actions[action]();
    else return;
    this.#show();
  }

  resize(cols: number, rows: number): void {
    this.#view = { ...this.#view, cols, rows, panned: false };
    this.#show();
  }

  /** Stops the clock. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A jump undoes what was panned to by hand. */
  #jump(jump: () => void): void {
    this.#view = { ...this.#view, panned: false };
    jump();
  }

  #pan(columns: number, rows: number): void {
    const room = screenRoom(this.#view, this.#player.timeline.flags);
    const offset = pan(this.#view.offset, columns, rows, this.#player.screen, room);
    this.#view = { ...this.#view, offset, panned: true };
  }

  #look(): Scene {
    const view = replayView(this.#player, this.#session, this.#strip, this.#view);
    this.#view = { ...this.#view, offset: view.offset };
    return { view, help: this.#help };
  }

  #show(): void {
    this.#scene = this.#look();
    for (const listener of this.#listeners) listener();
    this.stop();
    const { due } = this.#player;
    if (due === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#player.tick();
        this.#show();
      },
      Math.max(FASTEST, Math.min(SLOWEST, due / 1000)),
    );
  }
}
