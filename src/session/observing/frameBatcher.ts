import type { EventBody } from "../../core/event.js";
import { encodeBody } from "../../recording/frame.js";
import type { FrameBatch } from "./protocol.js";

/** Facts come in bursts: they are gathered so long, or up to so many bytes or frames, and sent in one piece. */
const GATHER_MS = 5;
const FULL_BYTES = 64 * 1024;
const FULL_FRAMES = 256;

/** Encodes events off the camera's thread and sends them in batches. */
export class FrameBatcher {
  readonly #send: (batch: FrameBatch) => void;
  #payloads: Uint8Array[] = [];
  #codes: number[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (batch: FrameBatch) => void) {
    this.#send = send;
  }

  add(body: EventBody): void {
    const { code, payload } = encodeBody(body);
    this.#codes.push(code);
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    if (this.#bytes >= FULL_BYTES || this.#codes.length >= FULL_FRAMES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#codes.length === 0) return;
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const payload of this.#payloads) {
      bytes.set(payload, at);
      at += payload.length;
    }
    const lengths = Uint32Array.from(this.#payloads, (payload) => payload.length);
    const codes = Uint8Array.from(this.#codes);
    this.#payloads = [];
    this.#codes = [];
    this.#bytes = 0;
    this.#send({ codes, lengths, bytes });
  }
}

/** The frames of a batch, in order. */
export function* framesOf({
  codes,
  lengths,
  bytes,
}: FrameBatch): Generator<{ code: number; payload: Uint8Array }> {
  let at = 0;
  for (let i = 0; i < codes.length; i++) {
    const length = lengths[i] as number;
    yield { code: codes[i] as number, payload: bytes.subarray(at, at + length) };
    at += length;
  }
}
