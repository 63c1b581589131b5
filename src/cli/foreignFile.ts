import { createHash } from "node:crypto";
import { closeSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { BodycamError } from "../core/errors.js";
import type { ImportedFile, SessionEvent } from "../core/event.js";
import { AsciicastReader } from "../formats/asciicast.js";
import { AsciicastV1Reader } from "../formats/asciicastV1.js";
import { compressionOf, DETECTION_BYTES, detectFormat } from "../formats/detect.js";
import { type Finding, Findings } from "../formats/findings.js";
import type { ForeignFormat, FormatReader } from "../formats/foreign.js";
import { ForeignSession } from "../formats/foreignSession.js";
import { TtyrecReader } from "../formats/ttyrec.js";
import { TimedTypescriptReader, TypescriptReader } from "../formats/typescript.js";
import { openForReading, readStart } from "../recording/openFile.js";
import { type OpenSource, openSource } from "./byteSource.js";
import { unpack } from "./unpack.js";
import { VERSION } from "./version.js";

/** Files of another program that hold one session. */
export interface ForeignFiles {
  readonly path: string;
  /** script(1)'s timing, and its log of input when that is a file of its own. */
  readonly timing?: string;
  readonly input?: string;
}

/** A foreign file that was read. */
export interface ForeignRead {
  readonly format: ForeignFormat;
  /** Wall clock at the start, microseconds since 1970. */
  readonly startedAt: number;
  readonly findings: readonly Finding[];
}

/** Whether a file is one of another program's, by its first bytes. False for what is no file. */
export function isForeign(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const file = openForReading(path);
  try {
    const start = readStart(file, DETECTION_BYTES);
    return compressionOf(start) !== undefined || detectFormat(start) !== undefined;
  } finally {
    closeSync(file.fd);
  }
}

type OnEvent = (event: SessionEvent, startedAt: number) => void;

/**
 * Reads a foreign session: its events in order, as its recording would give them.
 * @throws BodycamError `not-a-recording` when the format is not known, or the file is a bomb; `no-session`, `io`;
 * and what `onEvent` throws
 */
export async function readForeign(
  files: ForeignFiles,
  onEvent: OnEvent,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ForeignRead> {
  const reading = new Reading(files, onEvent);
  const sources: OpenSource[] = [];
  const open = async (path: string): Promise<OpenSource> => {
    const source = await openSource(path);
    sources.push(source);
    return source;
  };
  try {
    if (files.timing !== undefined) {
      const output = await open(files.path);
      const input = files.input === undefined ? undefined : await open(files.input);
      reading.begin("typescript", new TimedTypescriptReader(output, input, reading.findings));
    }
    const to = (bytes: Uint8Array): void => reading.push(bytes);
    const whole = await unpack(files.timing ?? files.path, { to, onProgress });
    return reading.end(whole);
  } finally {
    for (const source of sources) source.close();
  }
}

/** A foreign file that is being read: first its format is told, then its events. */
class Reading {
  readonly findings = new Findings();
  readonly #files: ForeignFiles;
  readonly #onEvent: OnEvent;
  /** The beginning of the file, while its format is not known. */
  #start: Buffer = Buffer.alloc(0);
  #begun: { readonly format: ForeignFormat; readonly session: ForeignSession } | undefined;

  constructor(files: ForeignFiles, onEvent: OnEvent) {
    this.#files = files;
    this.#onEvent = onEvent;
  }

  begin(format: ForeignFormat, reader: FormatReader): ForeignSession {
    const { path, timing, input } = this.#files;
    const source = {
      format,
      files: [path, timing, input].filter((file) => file !== undefined).map(describe),
      now: Date.now() * 1000,
      writtenAt: Math.max(0, Math.round(statSync(path).mtimeMs * 1000)),
      recorder: { version: VERSION, pid: process.pid },
    };
    const session = new ForeignSession(reader, source, this.findings);
    this.#begun = { format, session };
    return session;
  }

  push(bytes: Uint8Array): void {
    if (this.#begun !== undefined) this.#pass(this.#begun.session, bytes);
    else {
      this.#start = Buffer.concat([this.#start, bytes]);
      if (this.#start.length >= DETECTION_BYTES) this.#detect();
    }
  }

  end(whole: boolean): ForeignRead {
    if (!whole) this.findings.add("compressed-cut");
    const { format, session } = this.#begun ?? this.#detect();
    for (const event of session.end()) this.#onEvent(event, session.startedAt);
    return { format, startedAt: session.startedAt, findings: this.findings.all };
  }

  #detect(): { readonly format: ForeignFormat; readonly session: ForeignSession } {
    const format = detectFormat(this.#start);
    if (format === undefined) throw unknownFormat(this.#files.path);
    const session = this.begin(format, readerOf(format, this.findings));
    this.#pass(session, this.#start);
    this.#start = Buffer.alloc(0);
    return { format, session };
  }

  #pass(session: ForeignSession, bytes: Uint8Array): void {
    for (const event of session.push(bytes)) this.#onEvent(event, session.startedAt);
  }
}

function readerOf(format: ForeignFormat, findings: Findings): FormatReader {
  switch (format) {
    case "asciicast-v1":
      return new AsciicastV1Reader(findings);
    case "asciicast-v2":
      return new AsciicastReader(2, findings);
    case "asciicast-v3":
      return new AsciicastReader(3, findings);
    case "ttyrec":
      return new TtyrecReader(findings);
    case "typescript":
      return new TypescriptReader(findings);
  }
}

const unknownFormat = (path: string): BodycamError =>
  new BodycamError("not-a-recording", `${path} is in no format that bodycam reads.`, {
    hint: "It reads asciicast, ttyrec, and typescripts of script(1); of one without a first line, give --timing too.",
  });

/** A file's name, size and hash, as it is on the disk. */
function describe(path: string): ImportedFile {
  const file = openForReading(path);
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(256 * 1024);
    let bytes = 0;
    for (let count = 1; count > 0; bytes += count) {
      count = readSync(file.fd, buffer, 0, buffer.length, bytes);
      hash.update(buffer.subarray(0, count));
    }
    return { name: basename(path), bytes, sha256: hash.digest("hex") };
  } finally {
    closeSync(file.fd);
  }
}
