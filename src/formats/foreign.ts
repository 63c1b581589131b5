import type { Exit, Notice, TerminalSize } from "../core/event.js";
import type { Micros } from "../core/units.js";

export const FOREIGN_FORMATS = [
  "asciicast-v1",
  "asciicast-v2",
  "asciicast-v3",
  "ttyrec",
  "typescript",
] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

/** How people call a format. */
export const formatName = (format: string): string => format.replace("asciicast-v", "asciicast v");

/** What a foreign file says about its session, as far as it does. */
export interface Head {
  readonly size: Pick<TerminalSize, "cols" | "rows"> | undefined;
  readonly term: string | undefined;
  readonly command: string | undefined;
  /** Wall clock, microseconds since 1970. */
  readonly startedAt: number | undefined;
  /** The header as it stands in the file. */
  readonly text: string;
}

export type ForeignBody =
  | { readonly kind: "output"; readonly data: Uint8Array }
  | { readonly kind: "input"; readonly data: Uint8Array }
  | { readonly kind: "resize"; readonly size: TerminalSize }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "notice"; readonly notice: Notice };

/** What a reader of a format tells: the head once and first, then events with times that never run backwards. */
export type Read =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "event"; readonly at: Micros; readonly body: ForeignBody }
  /** How the command ended. */
  | { readonly kind: "exit"; readonly at: Micros; readonly exit: Exit };

/** Reads one foreign file, piece by piece, in bounded memory. Never throws, whatever is in the file. Pure. */
export interface FormatReader {
  /** Takes the next bytes of the file; tells what became complete by them. Bytes are not views of the given ones. */
  push(bytes: Uint8Array): Iterable<Read>;
  /** The file is over. */
  end(): Iterable<Read>;
}

/** An event may be so long, in bytes of its file. */
export const LONGEST_EVENT = 16 * 1024 * 1024;
/** A label, or an event that is kept as it stands, may be so long. */
export const LONGEST_FOREIGN = 64 * 1024;
/** A header may be so long. */
export const LONGEST_HEADER = 256 * 1024;

/** Whether a number of columns or rows is one that a terminal can have and an emulator should be asked for. */
export const isSide = (n: unknown): n is number =>
  typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= 10_000;
