import { extname } from "node:path";
import { BodycamError } from "../core/errors.js";
import type { SessionEvent } from "../core/event.js";
import type { Flag } from "../core/flag.js";
import { asShown } from "../core/shownOutput.js";
import { writeAsciicast } from "../formats/asciicastWriter.js";
import type { Findings } from "../formats/findings.js";
import { writePlainText } from "../formats/plainText.js";
import { writeHtml } from "../formats/screenHtml.js";
import { takeStill } from "../formats/screenStill.js";
import { writeSvg } from "../formats/screenSvg.js";
import { writeTtyrec } from "../formats/ttyrec.js";
import type { Recording } from "../recording/reader.js";
import { findFlag } from "./findFlag.js";
import { flagSentence } from "./prose.js";
import { parseMoment, type ScreenAt, screenAt, screenAtFlag } from "./screenAt.js";
import { momentText } from "./units.js";

export const EXPORT_FORMATS = ["asciicast", "asciicast-v2", "ttyrec", "text", "html", "svg"] as const;
type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One file that an export makes. */
export interface ExportedFile {
  /** What its name has behind the name that was given. */
  readonly suffix: string;
  readonly pieces: Iterable<Uint8Array | string>;
}

export interface Exported {
  readonly recording: Recording;
  readonly flags: readonly Flag[];
  /** For stills: a moment, and a flag or `all`. */
  readonly at: string | undefined;
  readonly flag: string | undefined;
}

/** Throws BodycamError `bad-usage`. */
export function exportFormat(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((format) => format === text);
  if (found !== undefined) return found;
  const known = `Use one of: ${EXPORT_FORMATS.join(", ")}.`;
  const png = text === "png" ? "An SVG image is sharper, and every browser makes a PNG of it. " : "";
  throw new BodycamError("bad-usage", `There is no format "${text}".`, { hint: png + known });
}

/** The files of a session in another program's format. What can't be held is told as findings, while they are written. */
export function exportFiles(
  format: ExportFormat,
  { recording, flags, at, flag }: Exported,
  findings: Findings,
): readonly ExportedFile[] {
  const still = format === "html" || format === "svg";
  if (!still && (at !== undefined || flag !== undefined)) {
    throw new BodycamError(
      "bad-usage",
      `--at and --flag are for stills, and ${format} is the whole session.`,
      {
        hint: "Use them with --format svg or html.",
      },
    );
  }
  if (at !== undefined && flag !== undefined) {
    throw new BodycamError("bad-usage", "--at and --flag both say which moment.", {
      hint: "Give one of them.",
    });
  }
  const { startedAt } = recording.header;
  const events = (): Iterable<SessionEvent> => recording.events();
  switch (format) {
    case "asciicast":
    case "asciicast-v2": {
      const version = format === "asciicast" ? 3 : 2;
      return [whole(writeAsciicast(asShown(events()), { version, startedAt, flags }, findings))];
    }
    case "ttyrec":
      return [whole(writeTtyrec(asShown(events()), startedAt, findings))];
    case "text":
      return [whole(writePlainText(events()))];
    case "html":
    case "svg": {
      const write = format === "html" ? writeHtml : writeSvg;
      const picture = (shown: ScreenAt, words: string): string =>
        write(takeStill(shown.screen, `${momentText(shown.at)} ${words}`, shown.marks));
      const ofFlag = (one: Flag): string => picture(screenAtFlag(events(), one), flagSentence(one));
      if (flag === "all") {
        return flags.map((one, n) => ({ suffix: `-${n + 1}`, pieces: lazily(() => ofFlag(one)) }));
      }
      if (flag !== undefined) return [whole([ofFlag(findFlag(flag, flags))])];
      const moment = at === undefined ? undefined : parseMoment(at);
      return [whole([picture(screenAt(events(), moment), `session ${recording.header.session}`)])];
    }
  }
}

const whole = (pieces: ExportedFile["pieces"]): ExportedFile => ({ suffix: "", pieces });

function* lazily(make: () => string): Generator<string, void> {
  yield make();
}

/** `shot.svg` with the suffix `-1` is `shot-1.svg`. */
export function withSuffix(path: string, suffix: string): string {
  const end = extname(path);
  return `${path.slice(0, path.length - end.length)}${suffix}${end}`;
}
