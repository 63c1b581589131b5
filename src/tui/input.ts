/** A key press or something done with the mouse, at a cell counted from 0. */
export type Input =
  /** `text` is the character that the key writes, when it writes one. */
  | { readonly kind: "key"; readonly name: string; readonly text: string | undefined }
  | {
      readonly kind: "mouse";
      readonly action: "press" | "drag" | "release" | "wheel-up" | "wheel-down";
      readonly column: number;
      readonly row: number;
      /** Whether Shift or Ctrl was held. */
      readonly held: boolean;
    };

const ESC = "\x1b";
/** CSI with its parameters and end, SS3 with its end, and whatever of either may still be on its way. */
const CSI = /^\x1b\[([<?]?[\d;]*)([A-Za-z~])/;
const SS3 = /^\x1bO([A-Za-z])/;
const UNFINISHED = /^\x1b(?:\[[<?]?[\d;]*|O)?$/;
const LONGEST = 64;

const FINALS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "shift+tab",
};
const NUMBERS: Readonly<Record<string, string>> = {
  "1": "home",
  "3": "delete",
  "4": "end",
  "5": "pageup",
  "6": "pagedown",
  "7": "home",
  "8": "end",
};
const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
};
const MODIFIERS = [
  "",
  "shift+",
  "alt+",
  "alt+shift+",
  "ctrl+",
  "ctrl+shift+",
  "alt+ctrl+",
  "alt+ctrl+shift+",
];

/**
 * Makes key presses and mouse events of what a terminal sends. What comes apart on a slow line is put together again:
 * while `pending`, what was fed so far may be an ESC alone or the beginning of more, and `flush` decides for the first.
 */
export class InputReader {
  #rest = "";

  get pending(): boolean {
    return this.#rest !== "";
  }

  feed(data: string): readonly Input[] {
    const read: Input[] = [];
    let text = this.#rest + data;
    this.#rest = "";
    while (text !== "") {
      if (text.length < LONGEST && UNFINISHED.test(text)) {
        this.#rest = text;
        break;
      }
      const [used, input] = next(text);
      if (input !== undefined) read.push(input);
      text = text.slice(used);
    }
    return read;
  }

  /** Nothing more came: an ESC was the key, and what followed it were keys too. */
  flush(): readonly Input[] {
    const [first, ...more] = this.#rest;
    this.#rest = "";
    return first === undefined ? [] : [key("escape"), ...more.map((one) => key(one, one))];
  }
}

const key = (name: string, text?: string): Input => ({ kind: "key", name, text });

/** The first input in a text and how many characters it is; no input when it is a sequence that means nothing here. */
function next(text: string): readonly [number, Input | undefined] {
  if (text.startsWith(ESC)) {
    const csi = CSI.exec(text);
    if (csi !== null) return [csi[0].length, sequence(csi[1] ?? "", csi[2] ?? "")];
    const ss3 = SS3.exec(text);
    if (ss3 !== null) return [3, named(FINALS[ss3[1] ?? ""], "")];
    return [1, key("escape")];
  }
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return [character.length, typed(character)];
}

function typed(character: string): Input | undefined {
  const control = CONTROLS[character];
  if (control !== undefined) return key(control);
  if (character < " ") return key(`ctrl+${String.fromCharCode(character.charCodeAt(0) + 0x60)}`);
  return character >= "\x80" && character <= "\x9f" ? undefined : key(character, character);
}

function sequence(parameters: string, final: string): Input | undefined {
  if (parameters.startsWith("<")) return mouse(parameters.slice(1), final);
  const [number = "", modifier = ""] = parameters.split(";");
  return named(final === "~" ? NUMBERS[number] : FINALS[final], modifier);
}

function named(name: string | undefined, modifier: string): Input | undefined {
  return name === undefined ? undefined : key(`${MODIFIERS[Number(modifier || "1") - 1] ?? ""}${name}`);
}

/** SGR mouse reports (xterm's ctlseqs, "Extended coordinates"): button and modifiers, column, row. */
function mouse(parameters: string, final: string): Input | undefined {
  const [code, x, y] = parameters.split(";").map(Number);
  if (code === undefined || x === undefined || y === undefined) return undefined;
  const at = { column: x - 1, row: y - 1, held: (code & 0b10100) !== 0 };
  const button = code & ~0b11100;
  if (button === 64 || button === 65)
    return { kind: "mouse", action: button === 64 ? "wheel-up" : "wheel-down", ...at };
  if (button === 32) return { kind: "mouse", action: "drag", ...at };
  if (button !== 0) return undefined;
  return { kind: "mouse", action: final === "m" ? "release" : "press", ...at };
}
