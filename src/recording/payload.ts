// The small build: the whole of zod takes longer to load than bodycam takes to start.
import * as z from "zod/mini";
import type { EventBody, Exit, Gap, Notice, SessionMeta } from "../core/event.js";
import { micros } from "../core/units.js";

const count = z.int().check(z.nonnegative());
const time = z.pipe(count, z.transform(micros));

const size = z.object({ cols: count, rows: count, xpixel: count, ypixel: count });

const meta: z.ZodMiniType<SessionMeta> = z.object({
  command: z.array(z.string()),
  cwd: z.string(),
  term: z.string(),
  size,
  user: z.string(),
  host: z.string(),
  platform: z.string(),
  recorder: z.object({ version: z.string(), pid: count }),
  terminal: z.object({ stdin: z.boolean(), stdout: z.boolean() }),
  stdin: z.enum(["terminal", "pipe"]),
});

const gap: z.ZodMiniType<Gap> = z.object({
  reason: z.enum(["disk-full", "write-failed", "recorder-lagging"]),
  detail: z.string(),
  from: time,
  to: time,
  outputBytes: count,
  inputBytes: count,
});

const notice: z.ZodMiniType<Notice> = z.object({
  what: z.enum(["alert", "recording-removed", "recording-altered", "recording-restored", "shadow-dropped"]),
  detail: z.string(),
});

const exit: z.ZodMiniType<Exit> = z.discriminatedUnion("by", [
  z.object({ by: z.literal("exit"), code: z.int() }),
  z.object({ by: z.literal("signal"), signal: z.string(), number: z.int() }),
]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `payload` as JSON of the wanted shape (fields that a later version added are left out), or undefined. */
function parse<T>(payload: Uint8Array, shape: z.ZodMiniType<T>): T | undefined {
  try {
    return shape.parse(JSON.parse(utf8.decode(payload)));
  } catch {
    return undefined;
  }
}

export function decodeOpen(payload: Uint8Array): EventBody | undefined {
  const value = parse(payload, meta);
  return value && { kind: "open", meta: value };
}

export function decodeGap(payload: Uint8Array): EventBody | undefined {
  const value = parse(payload, gap);
  return value && { kind: "gap", gap: value };
}

export function decodeNotice(payload: Uint8Array): EventBody | undefined {
  const value = parse(payload, notice);
  return value && { kind: "notice", notice: value };
}

export function decodeEnd(payload: Uint8Array): EventBody | undefined {
  const value = parse(payload, exit);
  return value && { kind: "end", exit: value };
}
