/** What a reviewer can do in the replay. */
export type Action =
  | "toggle"
  | "back"
  | "forward"
  | "step-back"
  | "step-forward"
  | "next-flag"
  | "previous-flag"
  | "start"
  | "end"
  | "faster"
  | "slower"
  | "idle"
  | "pan-up"
  | "pan-down"
  | "pan-left"
  | "pan-right"
  | "help"
  | "quit";

interface Binding {
  readonly action: Action;
  /** Names of keys, as `keyName` gives them. */
  readonly keys: readonly string[];
  /** How they are written in the help. */
  readonly label: string;
  readonly help: string;
}

/** Every key there is: what the replay obeys and what its help says are this one table. */
export const KEYS: readonly Binding[] = [
  { action: "toggle", keys: [" ", "p"], label: "space", help: "play or pause" },
  { action: "next-flag", keys: ["n", "]", "tab"], label: "n  ]", help: "next flag" },
  { action: "previous-flag", keys: ["N", "[", "shift+tab"], label: "N  [", help: "previous flag" },
  { action: "back", keys: ["left"], label: "←", help: "5 seconds back" },
  { action: "forward", keys: ["right"], label: "→", help: "5 seconds on" },
  { action: "step-back", keys: [",", "shift+left"], label: ",  shift ←", help: "one output back" },
  { action: "step-forward", keys: [".", "shift+right"], label: ".  shift →", help: "one output on" },
  { action: "start", keys: ["g", "home"], label: "g  Home", help: "to the start" },
  { action: "end", keys: ["G", "end"], label: "G  End", help: "to the end" },
  { action: "faster", keys: ["+", "=", ">"], label: "+  >", help: "faster (up to 64×)" },
  { action: "slower", keys: ["-", "_", "<"], label: "-  <", help: "slower (down to ¼×)" },
  { action: "idle", keys: ["i"], label: "i", help: "cut idle time, or not" },
  { action: "pan-up", keys: ["up", "k"], label: "↑  k", help: "look further up on a larger screen" },
  { action: "pan-down", keys: ["down", "j"], label: "↓  j", help: "further down" },
  { action: "pan-left", keys: ["h"], label: "h", help: "further left" },
  { action: "pan-right", keys: ["l"], label: "l", help: "further right" },
  { action: "help", keys: ["?"], label: "?", help: "this help" },
  { action: "quit", keys: ["q", "escape", "ctrl+c"], label: "q  Esc", help: "quit" },
];

const ACTIONS = new Map(
  KEYS.flatMap(({ action, keys }) => keys.map((key): [string, Action] => [key, action])),
);

/** What a key does, if anything. */
export const actionOf = (key: string): Action | undefined => ACTIONS.get(key);

/** A key press as Ink tells of it; only what is used here. */
export interface KeyPress {
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
  readonly ctrl: boolean;
}

/** The names of the keys in one input. Several characters typed quickly arrive together. */
export function keyNames(input: string, key: KeyPress): readonly string[] {
  const name = key.leftArrow
    ? "left"
    : key.rightArrow
      ? "right"
      : key.upArrow
        ? "up"
        : key.downArrow
          ? "down"
          : key.home
            ? "home"
            : key.end
              ? "end"
              : key.tab
                ? "tab"
                : undefined;
  if (name !== undefined) return [key.shift ? `shift+${name}` : name];
  if (key.ctrl) return [`ctrl+${input}`];
  if (key.escape) return ["escape"];
  return [...input];
}

const LATE = /^[[O]([\d;]*)([A-Za-z~])/;
const LATE_NAMES: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
};

/** The keys in an input that carries on an escape sequence whose ESC came alone; undefined when it does not. */
export function restOfEscape(input: string): readonly string[] | undefined {
  const [sequence, numbers, final] = LATE.exec(input) ?? [];
  if (sequence === undefined || final === undefined) return undefined;
  const name = LATE_NAMES[final];
  const key = name === undefined ? [] : [numbers === "1;2" ? `shift+${name}` : name];
  return [...key, ...input.slice(sequence.length)];
}
