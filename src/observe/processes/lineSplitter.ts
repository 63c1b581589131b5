/** How much of one line is kept: an exec with the longest arguments that Linux takes is about this long. */
const MAX_LINE = 1024 * 1024;
/** What is kept of the end of a longer line: its result stands there. */
const TAIL = 256;

/**
 * Cuts a stream of bytes into lines. A line that is too long loses its middle, so that memory stays bounded whatever
 * comes. strace writes ASCII only; other bytes come through as Latin-1.
 */
export class LineSplitter {
  readonly #line: (line: string) => void;
  #head = "";
  #tail = "";

  constructor(line: (line: string) => void) {
    this.#line = line;
  }

  push(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.#add(text.slice(from, at));
      this.#flush();
      from = at + 1;
    }
    this.#add(text.slice(from));
  }

  /** Hands on a last line that has no line break. */
  end(): void {
    if (this.#head !== "") this.#flush();
  }

  #add(text: string): void {
    const room = MAX_LINE - this.#head.length;
    this.#head += text.slice(0, room);
    if (text.length > room) this.#tail = (this.#tail + text.slice(room)).slice(-TAIL);
  }

  #flush(): void {
    const line = this.#tail === "" ? this.#head : `${this.#head}...${this.#tail}`;
    this.#head = "";
    this.#tail = "";
    this.#line(line);
  }
}
