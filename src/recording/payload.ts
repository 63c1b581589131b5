// The small build: the whole of zod takes longer to load than bodycam takes to start.
import * as z from "zod/mini";
import type { EventBody, Exit, Gap, Imported, Notice, SessionMeta, TranscriptPiece } from "../core/event.js";
import type { CoverageFact, FileFact, ProcessFact, ToolFact } from "../core/observation.js";
import { micros } from "../core/units.js";
import { asBuffer } from "./layout.js";

const count = z.int().check(z.nonnegative());
const time = z.pipe(count, z.transform(micros));

const size = z.object({ cols: count, rows: count, xpixel: count, ypixel: count });

const imported: z.ZodMiniType<Imported> = z.object({
  format: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: count, sha256: z.string() })),
  at: count,
  header: z.string(),
});

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
  imported: z.exactOptional(imported),
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
  what: z.enum([
    "alert",
    "recording-removed",
    "recording-altered",
    "recording-restored",
    "shadow-dropped",
    "marker",
    "foreign",
    "import",
  ]),
  detail: z.string(),
});

const exit: z.ZodMiniType<Exit> = z.discriminatedUnion("by", [
  z.object({ by: z.literal("exit"), code: z.int() }),
  z.object({ by: z.literal("signal"), signal: z.string(), number: z.int() }),
  z.object({ by: z.literal("unknown") }),
]);

const pid = count;
const scope = z.enum(["inside", "temporary", "outside"]);
const texts = z.array(z.string());
const processFact: z.ZodMiniType<ProcessFact> = z.discriminatedUnion("what", [
  z.object({
    what: z.literal("exec"),
    pid,
    ppid: pid,
    image: z.string(),
    argv: texts,
    cwd: z.string(),
  }),
  z.object({ what: z.literal("fork"), pid, child: pid }),
  z.object({
    what: z.literal("exit"),
    pid,
    code: z.nullable(z.int()),
    signal: z.nullable(z.string()),
  }),
  z.object({ what: z.literal("connect"), pid, address: z.string(), port: count }),
  z.object({ what: z.literal("delete"), pid, path: z.string(), scope }),
  z.object({
    what: z.literal("rename"),
    pid,
    from: z.string(),
    to: z.string(),
    scope,
    overwrote: z.boolean(),
  }),
  z.object({ what: z.literal("truncate"), pid, path: z.string(), scope }),
]);

/** What has no value is left out of the JSON. */
const optionalText = z.optional(z.string());

const fileFact: z.ZodMiniType<FileFact> = z.pipe(
  z.object({
    what: z.enum(["open", "read", "write", "move", "delete", "link"]),
    path: z.string(),
    store: z.string(),
    by: z.optional(z.object({ pid, image: z.string(), command: z.string() })),
  }),
  z.transform((fact) => ({ ...fact, by: fact.by })),
);

const toolFact: z.ZodMiniType<ToolFact> = z.union([
  z.pipe(
    z.object({
      what: z.literal("call"),
      agent: z.string(),
      call: z.string(),
      tool: z.string(),
      command: optionalText,
      paths: texts,
      input: z.string(),
    }),
    z.transform((fact) => ({ ...fact, command: fact.command })),
  ),
  z.object({
    what: z.literal("result"),
    agent: z.string(),
    call: z.string(),
    failed: z.boolean(),
    output: z.string(),
  }),
]);

const coverageFact: z.ZodMiniType<CoverageFact> = z.object({
  source: z.enum(["strace", "process-table", "inotify", "transcript"]),
  state: z.enum(["on", "off", "failed"]),
  detail: z.string(),
});

const happened = z.optional(z.pipe(count, z.transform(micros)));

const observation = z.discriminatedUnion("source", [
  z.object({ source: z.literal("process"), fact: processFact, happened }),
  z.object({ source: z.literal("file"), fact: fileFact, happened }),
  z.object({ source: z.literal("tool"), fact: toolFact, happened }),
  z.object({ source: z.literal("coverage"), fact: coverageFact, happened }),
]);

const transcriptPiece: z.ZodMiniType<TranscriptPiece> = z.pipe(
  z.object({
    agent: z.string(),
    path: z.string(),
    conversation: z.optional(z.string()),
    offset: count,
  }),
  z.transform(({ conversation, ...piece }) =>
    conversation === undefined ? piece : { ...piece, conversation },
  ),
);

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

export function decodeObservation(payload: Uint8Array): EventBody | undefined {
  const value = parse(payload, observation);
  if (value === undefined) return undefined;
  const { happened: at, ...known } = value;
  return { kind: "observation", observation: known, ...(at !== undefined && { happened: at }) };
}

export function decodeTranscript(payload: Uint8Array): EventBody | undefined {
  const length = payload.length < 2 ? 0 : asBuffer(payload).readUInt16LE(0);
  const value = parse(payload.subarray(2, 2 + length), transcriptPiece);
  return value && { kind: "transcript", piece: value, data: payload.subarray(2 + length) };
}
