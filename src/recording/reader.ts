import { closeSync } from "node:fs";
import { BodycamError } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import { type Seq, seq } from "../core/units.js";
import { Bookmarks } from "./bookmarks.js";
import { decodeHeader, type Form, type HeaderDamage, type RecordingHeader } from "./header.js";
import { FORMAT_VERSION, HEADER, SEAL_SIZE } from "./layout.js";
import { type OpenFile, openForReading, readStart } from "./openFile.js";
import { packedEvents } from "./packedReader.js";
import { plainEvents } from "./plainReader.js";
import type { Problem } from "./problems.js";
import { ByteWindow } from "./window.js";

/** A recording that is open for reading. What is in it is hostile until it is shown otherwise. */
export class Recording {
  readonly path: string;
  readonly header: RecordingHeader;
  readonly file: OpenFile;
  /** Made by every reading, and used by those that begin further on. */
  readonly bookmarks = new Bookmarks();
  #stop: Problem | undefined;

  constructor(path: string, header: RecordingHeader, file: OpenFile) {
    this.path = path;
    this.header = header;
    this.file = file;
  }

  get form(): Form {
    return this.header.form;
  }

  /** Why the last reading ended before the end of the session; undefined when it did not. */
  get stop(): Problem | undefined {
    return this.#stop;
  }

  /**
   * The events from the first one on, or from the one with number `from`, up to the first thing that is not as
   * docs/format.md says. Memory stays bounded whatever the file says. Byte payloads are views that stay valid, or,
   * when `memory` is `reused`, until the next event is asked for.
   */
  *events(from: Seq = seq(0), memory: "kept" | "reused" = "kept"): Generator<SessionEvent, void> {
    const window = new ByteWindow(this.file.fd, this.file.size, memory, this.file.from);
    const read = this.form === "packed" ? packedEvents : plainEvents;
    this.#stop = undefined;
    this.#stop = yield* read(window, from, this.bookmarks);
  }

  /** The last 64 bytes: in a complete recording of either form, the seal over the head of its chain. */
  ending(): Buffer {
    const { fd, size, from } = this.file;
    return new ByteWindow(fd, size, "kept", from).read(Math.max(0, size - SEAL_SIZE), SEAL_SIZE);
  }

  close(): void {
    closeSync(this.file.fd);
  }
}

/**
 * Opens a recording of either form.
 * @throws BodycamError `not-a-recording`, `unsupported-version`, `no-session` when there is no such file, `io` when
 * it can't be read
 */
export function openRecording(path: string): Recording {
  const file = openForReading(path);
  try {
    return recordingIn(file, path);
  } catch (error) {
    closeSync(file.fd);
    throw error;
  }
}

/** The recording in a file that is open, or in a part of it. `path` is what messages call it. Throws likewise. */
export function recordingIn(file: OpenFile, path: string): Recording {
  const { header, damage } = decodeHeader(readStart(file, HEADER.size));
  if (damage !== undefined) throw headerError(path, damage, header.version);
  return new Recording(path, header, file);
}

function headerError(path: string, damage: HeaderDamage, version: number): BodycamError {
  switch (damage) {
    case "version":
      return new BodycamError(
        "unsupported-version",
        `${path} is a recording of format ${version}, and this bodycam reads formats up to ${FORMAT_VERSION}.`,
        { hint: "Read it with a newer bodycam." },
      );
    case "magic":
      return new BodycamError("not-a-recording", `${path} is not a bodycam recording.`, {
        hint: "Give the path of a recording.bodycam file, or a session id from: bodycam list",
      });
    case "short":
    case "checksum":
    case "fields":
      return new BodycamError("not-a-recording", `The header of ${path} is damaged.`, {
        hint: `See what is wrong with: bodycam verify ${path}`,
      });
  }
}
