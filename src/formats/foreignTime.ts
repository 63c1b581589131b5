import { type Micros, micros } from "../core/units.js";
import type { Findings } from "./findings.js";

const SECOND = 1e6;
/** A pause of a year is somebody's mistake. */
const LONGEST_PAUSE = 366 * 24 * 3600 * SECOND;
/** All of it stays far below 2^53. */
const LATEST = 100 * LONGEST_PAUSE;

/** Turns a file's times into a session's, which never run backwards and stay in range. */
export class ForeignTime {
  readonly #findings: Findings;
  #now = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get now(): Micros {
    return micros(this.#now);
  }

  /** The time so many seconds after the start. `place` is for findings. */
  at(seconds: number, place: number): Micros {
    return this.#to(Math.round(seconds * SECOND), place);
  }

  /** The time so many seconds after the last one. */
  after(seconds: number, place: number): Micros {
    return this.#to(this.#now + Math.round(seconds * SECOND), place);
  }

  /** The time so many microseconds after the last one. */
  afterMicros(pause: number, place: number): Micros {
    return this.#to(this.#now + pause, place);
  }

  #to(time: number, place: number): Micros {
    if (time < this.#now) this.#findings.add("time-backwards", place);
    else if (time - this.#now <= LONGEST_PAUSE && time <= LATEST) this.#now = time;
    else this.#findings.add("time-too-far", place);
    return this.now;
  }
}
