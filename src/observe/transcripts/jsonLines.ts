import { parsed } from "./shapes.js";

/** The longest line that is read. Longer ones are left out and counted. */
const LONGEST_LINE = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** Cuts bytes into lines and takes the JSON of each. What is not JSON is left out; memory is bounded by the longest line. */
export class JsonLines {
  readonly #take: (record: unknown) => void;
  #parts: Uint8Array[] = [];
  #length = 0;
  #tooLong = false;
  #skipped = 0;

  constructor(take: (record: unknown) => void) {
    this.#take = take;
  }

  /** How many lines were too long. */
  get skipped(): number {
    return this.#skipped;
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.#add(bytes.subarray(from, at));
      this.end();
      from = at + 1;
    }
    this.#add(bytes.subarray(from));
  }

  /** Takes what there is as a whole line. */
  end(): void {
    const [parts, tooLong] = [this.#parts, this.#tooLong];
    this.forget();
    if (tooLong) this.#skipped++;
    if (tooLong || parts.length === 0) return;
    const record = parsed(Buffer.concat(parts).toString("utf8"));
    if (record !== undefined) this.#take(record);
  }

  /** Forgets a line that has begun. */
  forget(): void {
    this.#parts = [];
    this.#length = 0;
    this.#tooLong = false;
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#tooLong) return;
    this.#length += bytes.length;
    if (this.#length > LONGEST_LINE) {
      this.#parts = [];
      this.#tooLong = true;
    } else this.#parts.push(Uint8Array.from(bytes));
  }
}
