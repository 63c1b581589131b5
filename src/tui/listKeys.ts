/** What a reviewer can do in the list of sessions. */
export type ListAction =
  | "open"
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "order"
  | "erase"
  | "clear"
  | "filter"
  | "help"
  | "leave"
  | "quit";

interface Binding {
  readonly action: ListAction;
  /** Names of keys, as InputReader gives them. */
  readonly keys: readonly string[];
  /** Only while nothing is typed: then these are letters like any other. */
  readonly onlyEmpty?: true;
  readonly label: string;
  readonly help: string;
}

/** Every key of the list: what it obeys and what its help says are this one table. All else that is typed filters. */
export const LIST_KEYS: readonly Binding[] = [
  {
    action: "open",
    keys: ["enter", "right"],
    label: "Enter  →",
    help: "watch the session; leaving it comes back here",
  },
  { action: "up", keys: ["up", "ctrl+p", "ctrl+k"], label: "↑  ^P", help: "up" },
  { action: "down", keys: ["down", "ctrl+n"], label: "↓  ^N", help: "down" },
  { action: "page-up", keys: ["pageup", "ctrl+b"], label: "PgUp  ^B", help: "a page up" },
  { action: "page-down", keys: ["pagedown", "ctrl+f"], label: "PgDn  ^F", help: "a page down" },
  { action: "first", keys: ["home", "ctrl+a"], label: "Home", help: "to the first" },
  { action: "last", keys: ["end", "ctrl+e"], label: "End", help: "to the last" },
  { action: "order", keys: ["tab"], label: "Tab", help: "worst first, or newest first" },
  {
    action: "filter",
    keys: ["/"],
    onlyEmpty: true,
    label: "/",
    help: "filter, for words that begin with one of these keys",
  },
  { action: "erase", keys: ["backspace"], label: "⌫", help: "take back a letter of the filter" },
  { action: "clear", keys: ["ctrl+u", "ctrl+w"], label: "^U", help: "take back the filter" },
  { action: "help", keys: ["?"], onlyEmpty: true, label: "?", help: "this help" },
  { action: "leave", keys: ["escape"], label: "Esc", help: "take back the filter, or leave" },
  { action: "quit", keys: ["q"], onlyEmpty: true, label: "q", help: "leave" },
  { action: "quit", keys: ["ctrl+c"], label: "^C", help: "leave at once" },
];

/** What a key does; undefined when it is text for the filter, or nothing. */
export const listActionOf = (key: string, filtering: boolean): ListAction | undefined =>
  LIST_KEYS.find(({ keys, onlyEmpty }) => keys.includes(key) && !(onlyEmpty && filtering))?.action;
