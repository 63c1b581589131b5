import type { EventBody, Gap } from "../core/event.js";
import { type Micros, micros } from "../core/units.js";
import type { FinishedBlock } from "./draft.js";
import { KIND } from "./layout.js";

/** Counts what can't be recorded, until a gap frame can say so. */
export class Loss {
  readonly reason: Gap["reason"];
  /** The system's error code, or empty. */
  readonly code: string;
  #from: Micros | undefined;
  #to = micros(0);
  #frames = 0;
  #outputBytes = 0;
  #inputBytes = 0;

  constructor(reason: Gap["reason"], code: string) {
    this.reason = reason;
    this.code = code;
  }

  get isEmpty(): boolean {
    return this.#frames === 0;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  get inputBytes(): number {
    return this.#inputBytes;
  }

  /** A frame that came and found no room. */
  frame(code: number, length: number, at: Micros): void {
    this.#from ??= at;
    this.#to = at;
    this.#frames++;
    if (code === KIND.output) this.#outputBytes += length;
    else if (code === KIND.input) this.#inputBytes += length;
  }

  /** A finished block that never got to the disk. */
  block(block: FinishedBlock): void {
    this.#from = micros(Math.min(this.#from ?? block.from, block.from));
    this.#to = micros(Math.max(this.#to, block.to));
    this.#frames += block.frames - (block.end ? 1 : 0);
    this.#outputBytes += block.outputBytes;
    this.#inputBytes += block.inputBytes;
  }

  /** The frame that tells of it. */
  toGap(): EventBody {
    const from = this.#from ?? this.#to;
    const detail = `${this.code === "" ? "" : `${this.code}, `}${this.#frames} frames`;
    const { reason } = this;
    const [outputBytes, inputBytes] = [this.#outputBytes, this.#inputBytes];
    return { kind: "gap", gap: { reason, detail, from, to: this.#to, outputBytes, inputBytes } };
  }
}
