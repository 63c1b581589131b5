import { BodycamError, type ErrorCode, messageOf } from "../core/errors.js";

/** Exit statuses; DESIGN's table. `run` uses those of env(1) and timeout(1) for what happens before the command runs. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  "bad-rule": 1,
  "bad-usage": 2,
  "camera-start": 125,
  catalogue: 1,
  "command-not-found": 127,
  "command-not-runnable": 126,
  "home-not-writable": 1,
  io: 1,
  "no-session": 1,
  "not-a-recording": 1,
  "not-a-terminal": 2,
  signing: 1,
  "unsupported-version": 1,
};

/** What a failure looks like to a person, and the exit status that goes with it. */
export interface Failure {
  readonly text: string;
  readonly status: number;
}

/** `starting`: a camera was to be started, and whatever kept it from that has the status 125. */
export function failureOf(error: unknown, starting = false): Failure {
  if (!(error instanceof BodycamError)) {
    const detail = process.env.BODYCAM_DEBUG && error instanceof Error ? `\n${error.stack}` : "";
    return {
      text: `bodycam: Something went wrong inside bodycam: ${messageOf(error)} (BODYCAM_DEBUG=1 shows where)${detail}`,
      status: starting ? 125 : 70,
    };
  }
  const hint = error.hint === undefined ? "" : ` ${error.hint}`;
  const status = STATUS[error.code];
  return { text: `bodycam: ${error.message}${hint}`, status: starting && status < 125 ? 125 : status };
}
