/** What a reviewer can do in the replay. */
export type Action =
  | "toggle"
  | "back"
  | "forward"
  | "back-far"
  | "forward-far"
  | "step-back"
  | "step-forward"
  | "event-back"
  | "event-forward"
  | "next"
  | "previous"
  | "next-flag"
  | "previous-flag"
  | "search"
  | "explain"
  | "activity"
  | "scroll-up"
  | "scroll-down"
  | "start"
  | "end"
  | "faster"
  | "slower"
  | "idle"
  | "zoom-in"
  | "zoom-out"
  | "pan-up"
  | "pan-down"
  | "pan-left"
  | "pan-right"
  | "verdict"
  | "help"
  | "close"
  | "quit";

interface Binding {
  readonly action: Action;
  /** Names of keys, as InputReader gives them. */
  readonly keys: readonly string[];
  /** How they are written in the help. */
  readonly label: string;
  readonly help: string;
}

/** Every key there is: what the replay obeys and what its help says are this one table. */
export const KEYS: readonly Binding[] = [
  { action: "toggle", keys: [" ", "p"], label: "space", help: "play or pause" },
  { action: "next-flag", keys: ["]", "tab"], label: "]  Tab", help: "next flag" },
  { action: "previous-flag", keys: ["[", "shift+tab"], label: "[  ⇧Tab", help: "previous flag" },
  { action: "explain", keys: ["f", "enter"], label: "f  Enter", help: "explain the flag" },
  { action: "activity", keys: ["a"], label: "a", help: "what was done behind the screen" },
  { action: "verdict", keys: ["v"], label: "v", help: "verdict on the flag" },
  { action: "search", keys: ["/"], label: "/", help: "search all that was shown, typed or run" },
  { action: "next", keys: ["n"], label: "n", help: "next hit (next flag without a search)" },
  { action: "previous", keys: ["N"], label: "N", help: "previous hit or flag" },
  { action: "back", keys: ["left"], label: "←", help: "5 seconds back" },
  { action: "forward", keys: ["right"], label: "→", help: "5 seconds on" },
  { action: "back-far", keys: ["ctrl+left", "b"], label: "b  ^←", help: "one minute back" },
  { action: "forward-far", keys: ["ctrl+right", "w"], label: "w  ^→", help: "one minute on" },
  { action: "step-back", keys: [",", "shift+left"], label: ",  ⇧←", help: "one output back" },
  { action: "step-forward", keys: [".", "shift+right"], label: ".  ⇧→", help: "one output on" },
  { action: "event-back", keys: ["E"], label: "E", help: "one event back, of any kind" },
  { action: "event-forward", keys: ["e"], label: "e", help: "one event on" },
  { action: "start", keys: ["g", "home"], label: "g  Home", help: "to the start" },
  { action: "end", keys: ["G", "end"], label: "G  End", help: "to the end" },
  { action: "faster", keys: ["+", "=", ">"], label: "+  >", help: "faster (up to 64×)" },
  { action: "slower", keys: ["-", "_", "<"], label: "-  <", help: "slower (down to ¼×)" },
  { action: "idle", keys: ["i"], label: "i", help: "cut idle time, or not" },
  { action: "zoom-in", keys: ["z"], label: "z", help: "zoom into the timeline" },
  { action: "zoom-out", keys: ["Z"], label: "Z", help: "zoom out" },
  { action: "pan-up", keys: ["up", "k"], label: "↑  k", help: "look further up on a larger screen" },
  { action: "pan-down", keys: ["down", "j"], label: "↓  j", help: "further down" },
  { action: "pan-left", keys: ["h"], label: "h", help: "further left" },
  { action: "pan-right", keys: ["l"], label: "l", help: "further right" },
  { action: "scroll-up", keys: ["pageup", "ctrl+b"], label: "PgUp", help: "scroll the pane up" },
  { action: "scroll-down", keys: ["pagedown", "ctrl+f"], label: "PgDn", help: "scroll the pane down" },
  { action: "help", keys: ["?"], label: "?", help: "this help" },
  { action: "close", keys: ["escape"], label: "Esc", help: "close what is open, or quit" },
  { action: "quit", keys: ["q", "ctrl+c"], label: "q", help: "quit" },
];

const ACTIONS = new Map(
  KEYS.flatMap(({ action, keys }) => keys.map((key): [string, Action] => [key, action])),
);

/** What a key does, if anything. */
export const actionOf = (key: string): Action | undefined => ACTIONS.get(key);
