import { EventEmitter } from "node:events";

/**
 * Stands for the terminal that Ink writes to, and hands on each frame that it makes. What reaches the real
 * terminal is then ours alone: Ink would clear it, scrollback included, whenever a frame is as high as it is.
 */
export class InkFrames extends EventEmitter {
  readonly isTTY = false;
  readonly rows = 1000;
  columns: number;
  readonly #show: (rows: readonly string[]) => void;

  constructor(columns: number, show: (rows: readonly string[]) => void) {
    super();
    this.columns = columns;
    this.#show = show;
  }

  write(frame: string): boolean {
    this.#show(frame.split("\n"));
    return true;
  }
}
