import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startClock } from "../../src/core/clock.js";
import type { EventBody, SessionEvent, SessionMeta } from "../../src/core/event.js";
import type { SessionId } from "../../src/core/units.js";
import { temporarySigner } from "../../src/recording/keys.js";
import { openRecording, type Recording } from "../../src/recording/reader.js";
import { RecordingWriter, type WriterOptions } from "../../src/recording/writer.js";

export const SESSION = "0b5c6a9e-3a7d-4c1f-9d57-2f4b8f6f0a11" as SessionId;

export const META: SessionMeta = {
  command: ["agent", "--task", "tidy up"],
  cwd: "/home/ada/project",
  term: "xterm-256color",
  size: { cols: 80, rows: 24, xpixel: 0, ypixel: 0 },
  user: "ada",
  host: "engine",
  platform: "linux",
  recorder: { version: "0.1.0", pid: 42 },
  terminal: { stdin: true, stdout: true },
  stdin: "terminal",
};

/** A directory that is gone after the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "bodycam-recording-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function startRecording(path: string, options: Partial<WriterOptions> = {}): RecordingWriter {
  const writer = RecordingWriter.create({
    path,
    session: SESSION,
    startedAt: 1_700_000_000_000_000,
    clock: startClock(),
    signer: temporarySigner(),
    meta: META,
    ...options,
  });
  onTestFinished(() => writer.close());
  return writer;
}

/** Records `bodies` and ends; with `blocks` each of them in a sealed block of its own. */
export async function record(
  path: string,
  bodies: readonly EventBody[],
  options: { readonly blocks?: boolean } = {},
): Promise<void> {
  const writer = startRecording(path);
  for (const body of bodies) {
    writer.append(body);
    if (options.blocks) writer.sealSoon();
  }
  await writer.end({ by: "exit", code: 0 });
  writer.close();
}

/** All events of a recording, and why reading stopped. */
export function readAll(path: string): { events: SessionEvent[]; stop: Recording["stop"] } {
  const recording = openRecording(path);
  try {
    return { events: [...recording.events()], stop: recording.stop };
  } finally {
    recording.close();
  }
}

/** The output bytes of events, joined. */
export const outputOf = (events: readonly SessionEvent[]): Buffer =>
  Buffer.concat(events.map((event) => (event.kind === "output" ? event.data : new Uint8Array(0))));
