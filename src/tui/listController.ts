import type { SessionId } from "../core/units.js";
import type { Input } from "./input.js";
import { type ListAction, listActionOf } from "./listKeys.js";
import { filtered, itemOf, type ListItem, type Order, ordered, type SessionEntry } from "./listModel.js";
import { itemAt, listRoom } from "./listView.js";

/** All that the list's rows are made of. A new object after every change. */
export interface ListState {
  readonly cols: number;
  readonly rows: number;
  readonly items: readonly ListItem[];
  readonly order: Order;
  readonly query: string;
  /** Whether the filter is being typed, be it empty still. */
  readonly filtering: boolean;
  /** The items that fit, in order; which of them is selected, and which is the uppermost on the screen. */
  readonly shown: readonly ListItem[];
  readonly selected: number;
  readonly top: number;
  readonly help: boolean;
  /** Something to tell the reviewer, until the next key. */
  readonly message: string | undefined;
}

export type ListChoice = { readonly by: "leave" } | { readonly by: "open"; readonly id: SessionId };

const LONGEST_QUERY = 200;

/** Turns keys and news of sessions into states of the list. `now`: wall clock, microseconds since 1970. */
export class ListController {
  readonly #choose: (choice: ListChoice) => void;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: ListState;

  constructor(size: { cols: number; rows: number }, choose: (choice: ListChoice) => void, now: () => number) {
    this.#choose = choose;
    this.#now = now;
    this.#state = {
      ...size,
      items: [],
      order: "worst",
      query: "",
      filtering: false,
      shown: [],
      selected: 0,
      top: 0,
      help: false,
      message: undefined,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ListState => this.#state;

  /** Takes the sessions as they are now; the selected one stays so. */
  load(entries: readonly SessionEntry[]): void {
    this.#set({ items: entries.map(itemOf) });
  }

  resize(cols: number, rows: number): void {
    this.#set({ cols, rows });
  }

  tell(message: string): void {
    this.#set({ message });
  }

  clearMessage(): void {
    this.#set({ message: undefined });
  }

  /** The terminal is gone: so is the reviewer. */
  leave(): void {
    this.#choose({ by: "leave" });
  }

  input(input: Input): void {
    if (input.kind === "mouse") {
      this.#mouse(input);
      return;
    }
    const { query, filtering, help } = this.#state;
    const action = listActionOf(input.name, filtering || query !== "");
    this.#set({ message: undefined });
    if (help && input.name !== "ctrl+c") this.#set({ help: false });
    else if (action !== undefined) this.#do(action);
    else if (input.text !== undefined) this.#filter(query + input.text);
  }

  /** The wheel moves; a click selects, and opens what is selected. */
  #mouse({ action, row }: Extract<Input, { kind: "mouse" }>): void {
    const { shown, selected, top, rows, help } = this.#state;
    if (help) return;
    if (action === "wheel-up") this.#move(-1);
    else if (action === "wheel-down") this.#move(1);
    else if (action === "press") {
      const item = itemAt(row, top, rows);
      if (item === undefined || shown[item] === undefined) return;
      if (item === selected) this.#do("open");
      else this.#move(item - selected);
    }
  }

  #do(action: ListAction): void {
    const { shown, selected, query, filtering, rows, order } = this.#state;
    const act: Readonly<Record<ListAction, () => void>> = {
      open: () => {
        const item = shown[selected];
        if (item !== undefined) this.#choose({ by: "open", id: item.entry.session.id });
      },
      up: () => this.#move(-1),
      down: () => this.#move(1),
      "page-up": () => this.#move(-listRoom(rows)),
      "page-down": () => this.#move(listRoom(rows)),
      first: () => this.#move(-shown.length),
      last: () => this.#move(shown.length),
      order: () => this.#set({ order: order === "worst" ? "newest" : "worst" }),
      filter: () => this.#set({ filtering: true }),
      erase: () => {
        if (query === "") this.#set({ filtering: false });
        else this.#filter([...query].slice(0, -1).join(""));
      },
      clear: () => this.#filter(""),
      help: () => this.#set({ help: true }),
      leave: () => {
        if (query === "" && !filtering) this.leave();
        else this.#set({ query: "", filtering: false });
      },
      quit: () => this.leave(),
    };
    act[action]();
  }

  /** What is typed narrows the list at once; the first that fits is selected. */
  #filter(query: string): void {
    this.#set({ query: query.slice(0, LONGEST_QUERY), filtering: query !== "", selected: 0 }, true);
  }

  #move(by: number): void {
    this.#set({ selected: this.#state.selected + by }, true);
  }

  /** `moved`: the selection is a place, not the session that was selected before. */
  #set(change: Partial<ListState>, moved = false): void {
    const before = this.#state.shown[this.#state.selected];
    const state = { ...this.#state, ...change };
    const shown = ordered(filtered(state.items, state.query, this.#now()), state.order);
    const same = moved ? -1 : shown.findIndex((item) => item.entry.session.id === before?.entry.session.id);
    const selected = Math.max(0, Math.min(shown.length - 1, same >= 0 ? same : state.selected));
    const room = listRoom(state.rows);
    const top = Math.max(
      0,
      Math.min(Math.max(state.top, selected - room + 1), selected, shown.length - room),
    );
    this.#state = { ...state, shown, selected, top };
    for (const listener of this.#listeners) listener();
  }
}
