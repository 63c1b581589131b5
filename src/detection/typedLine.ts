/** A typed line is kept up to this many characters; what comes beyond is not looked at. */
const LONGEST = 64 * 1024;

/** A run of a terminal's own bytes longer than this is given up: it is no key and no answer. */
const LONGEST_SEQUENCE = 4_096;

type State = "text" | "escape" | "csi" | "string" | "string-escape" | "ss3" | "mouse";

/**
 * Puts typed keys together to the lines a person entered: editing keys are followed, pasted text is taken whole,
 * and the answers that a terminal sends by itself are left out. History and completion happen in the program that
 * reads the keys, so a line made with them is known only in part.
 */
export class TypedLine {
  readonly #decoder = new TextDecoder();
  #state: State = "text";
  #sequence = "";
  #chars: string[] = [];
  #cursor = 0;
  #killed: string[] = [];
  #pasting = false;
  #lines: string[] = [];

  /** Feeds bytes as they were typed; gives the lines that they complete. */
  feed(bytes: Uint8Array): readonly string[] {
    this.#lines = [];
    for (const char of this.#decoder.decode(bytes, { stream: true })) this.#char(char);
    return this.#lines;
  }

  #char(char: string): void {
    switch (this.#state) {
      case "text":
        this.#text(char);
        return;
      case "escape":
        this.#escape(char);
        return;
      case "csi":
        this.#csi(char);
        return;
      case "ss3":
        this.#state = "text";
        this.#move(char);
        return;
      case "mouse":
        this.#sequence += char;
        if (this.#sequence.length >= 3) this.#state = "text";
        return;
      case "string":
        if (char === "\x07") this.#state = "text";
        else if (char === "\x1b") this.#state = "string-escape";
        else if (++this.#stringLength > LONGEST_SEQUENCE) this.#state = "text";
        return;
      case "string-escape":
        // ESC \ ends the string; any other ESC begins something new.
        this.#state = "text";
        if (char !== "\\") this.#escape(char);
        return;
    }
  }

  #stringLength = 0;

  #text(char: string): void {
    if (char === "\x1b") {
      this.#state = "escape";
      return;
    }
    if (this.#pasting) {
      this.#insert(char === "\r" ? "\n" : char);
      return;
    }
    switch (char) {
      case "\r":
      case "\n":
        this.#enter();
        return;
      case "\x7f":
      case "\b":
        this.#erase(this.#cursor - 1, this.#cursor);
        return;
      case "\x01":
        this.#cursor = 0;
        return;
      case "\x05":
        this.#cursor = this.#chars.length;
        return;
      case "\x03":
      case "\x04":
      case "\x12":
        this.#clear();
        return;
      case "\x15":
        this.#killed = this.#erase(0, this.#cursor);
        return;
      case "\x0b":
        this.#killed = this.#erase(this.#cursor, this.#chars.length);
        return;
      case "\x17":
        this.#killed = this.#erase(this.#wordStart(), this.#cursor);
        return;
      case "\x19":
        for (const killed of this.#killed) this.#insert(killed);
        return;
      default:
        if (char >= " ") this.#insert(char);
    }
  }

  #escape(char: string): void {
    this.#sequence = "";
    this.#stringLength = 0;
    if (char === "[") this.#state = "csi";
    else if (char === "O") this.#state = "ss3";
    else if (char === "]" || char === "P" || char === "_" || char === "^" || char === "X")
      this.#state = "string";
    else if (char === "\x1b") this.#state = "escape";
    else {
      this.#state = "text";
      if (char === "\x7f" || char === "\b") this.#killed = this.#erase(this.#wordStart(), this.#cursor);
      else if (char === "\r" || char === "\n") this.#insert("\n");
    }
  }

  #csi(char: string): void {
    if (char < "@" || char > "~") {
      this.#sequence += char;
      if (this.#sequence.length > 64 || char < " ") this.#state = "text";
      return;
    }
    this.#state = "text";
    if (char === "M" && this.#sequence === "") {
      this.#state = "mouse";
      return;
    }
    if (char === "~") this.#tilde(this.#sequence);
    else if (char === "u") this.#kitty(this.#sequence);
    else if (this.#sequence === "" || this.#sequence === "1") this.#move(char);
  }

  #tilde(code: string): void {
    if (code === "200") this.#pasting = true;
    else if (code === "201") this.#pasting = false;
    else if (code === "3") this.#erase(this.#cursor, this.#cursor + 1);
    else if (code === "1" || code === "7") this.#cursor = 0;
    else if (code === "4" || code === "8") this.#cursor = this.#chars.length;
  }

  /** Kitty's keyboard protocol: `CSI code ; modifiers u`. */
  #kitty(sequence: string): void {
    const [key = "", modifiers = "1"] = sequence.split(";");
    const code = Number.parseInt(key, 10);
    const [pressed = "1", event = "1"] = modifiers.split(":");
    if (!Number.isInteger(code) || code <= 0 || code > 0x10ffff || event === "3") return;
    const bits = Number.parseInt(pressed, 10) - 1;
    if (code === 13) {
      if (bits === 0) this.#enter();
      else this.#insert("\n");
    } else if ((bits & 4) !== 0) this.#text(String.fromCharCode(code & 0x1f));
    else if ((bits & 2) === 0 && code < 0xe000) this.#text(String.fromCodePoint(code));
  }

  #move(char: string): void {
    if (char === "D") this.#cursor = Math.max(0, this.#cursor - 1);
    else if (char === "C") this.#cursor = Math.min(this.#chars.length, this.#cursor + 1);
    else if (char === "H") this.#cursor = 0;
    else if (char === "F") this.#cursor = this.#chars.length;
    // Up and down bring an earlier line back that is not known here.
    else if (char === "A" || char === "B") this.#clear();
  }

  #insert(char: string): void {
    if (this.#chars.length >= LONGEST) return;
    this.#chars.splice(this.#cursor, 0, char);
    this.#cursor++;
  }

  #erase(from: number, to: number): string[] {
    const start = Math.max(0, from);
    const erased = this.#chars.splice(start, Math.max(0, to - start));
    this.#cursor = Math.min(start, this.#chars.length);
    return erased;
  }

  #wordStart(): number {
    let at = this.#cursor;
    while (at > 0 && this.#chars[at - 1] === " ") at--;
    while (at > 0 && this.#chars[at - 1] !== " ") at--;
    return at;
  }

  #clear(): void {
    this.#chars = [];
    this.#cursor = 0;
  }

  #enter(): void {
    const line = this.#chars.join("");
    this.#clear();
    if (line.trim() !== "") this.#lines.push(line);
  }
}
