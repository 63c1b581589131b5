import type { SessionEvent, SessionMeta } from "./event.js";

const CR = 0x0d;
const LF = 0x0a;

/**
 * Output as a screen shows it. Where a session's output did not go to a terminal (a pipe, a file), its line feeds were
 * recorded as the program wrote them, without the carriage return that a terminal adds; a screen needs it.
 */
export class ShownOutput {
  #translate: boolean;
  #last: number;

  /** By default for a whole session. In the middle of one it has to be told what it would have seen before. */
  constructor(
    before: { readonly translate: boolean; readonly last: number } = { translate: false, last: 0 },
  ) {
    this.#translate = before.translate;
    this.#last = before.last;
  }

  /** The bytes that belong on the screen for one more event of the session; undefined for events without output. */
  of(event: SessionEvent): Uint8Array | undefined {
    if (event.kind === "open") this.#translate = isTranslated(event.meta);
    if (event.kind !== "output") return undefined;
    return this.#translate ? this.#withReturns(event.data) : event.data;
  }

  #withReturns(data: Uint8Array): Uint8Array {
    let lone = 0;
    for (let at = data.indexOf(LF); at >= 0; at = data.indexOf(LF, at + 1))
      if (this.#before(data, at) !== CR) lone++;
    const shown = new Uint8Array(data.length + lone);
    let from = 0;
    let to = 0;
    for (let at = data.indexOf(LF); at >= 0; at = data.indexOf(LF, at + 1)) {
      if (this.#before(data, at) === CR) continue;
      shown.set(data.subarray(from, at), to);
      to += at - from;
      shown[to++] = CR;
      from = at;
    }
    shown.set(data.subarray(from), to);
    this.#last = data.at(-1) ?? this.#last;
    return shown;
  }

  #before(data: Uint8Array, at: number): number {
    return at === 0 ? this.#last : (data[at - 1] as number);
  }
}

/** Whether a session's output stands in its recording without the returns that a screen needs. */
export const isTranslated = (meta: SessionMeta): boolean => !meta.terminal.stdout;

/** A session's events, from the first on unless `shown` says otherwise, with their output as a screen shows it. */
export function* asShown(
  events: Iterable<SessionEvent>,
  shown: ShownOutput = new ShownOutput(),
): Generator<SessionEvent> {
  for (const event of events) {
    const data = shown.of(event);
    yield event.kind === "output" && data !== undefined ? { ...event, data } : event;
  }
}
