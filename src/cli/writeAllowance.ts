import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BodycamError, messageOf } from "../core/errors.js";
import type { Flag } from "../core/flag.js";
import { recordingPath } from "../core/home.js";
import { type Allowance, allowanceOf, dayOf } from "../detection/allowances.js";
import { loadDetectors } from "../detection/detectors.js";
import { indexRecording } from "../session/indexRecording.js";
import type { Library } from "../session/library.js";
import { detectorDirectories } from "./detectorDirectories.js";

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 3650;

/** A day such as `2026-12-31`. */
export const dayText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** When an allowance ends: a day as it is, or `30d` from now. Throws BodycamError `bad-usage`. */
export function expiryOf(text: string, now: number): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  if (days !== undefined && Number(days) <= LONGEST_DAYS) return dayText(now + Number(days) * DAY_MS);
  const day = dayOf(text);
  if (day !== undefined && day / 1000 + DAY_MS > now) return text;
  throw new BodycamError("bad-usage", `An allowance can't end on "${text}".`, {
    hint: "Give a day to come, such as 2027-01-31, or a number of days, such as 30d.",
  });
}

/**
 * Writes a filter that allows a flag's act into the person's own detectors, and makes sure that it does what it should:
 * looked at again, the session does not raise the flag any more. Returns the file's path.
 * @throws BodycamError `bad-usage` when the act can't be allowed by a filter, `io` when the file can't be written
 */
export async function writeAllowance(library: Library, flag: Flag, allowance: Allowance): Promise<string> {
  const { documents } = await loadDetectors(detectorDirectories());
  const rule = documents.find(({ id }) => id === flag.rule.id);
  if (rule?.kind !== "detection") {
    throw cannot(
      rule === undefined
        ? "its detector is not there any more"
        : "it is a chain of several acts: allow the ones of its steps that are fine",
    );
  }
  const made = allowanceOf(flag, rule, allowance);
  if (made === undefined) throw cannot("its evidence holds neither a command nor a file nor a text");
  const directory = join(library.home.detectors, "allowances");
  const path = join(directory, `${allowance.date}-${made.id}.yml`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(path, made.text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new BodycamError("io", `The allowance can't be written to ${path} (${messageOf(cause)}).`, {
      cause,
    });
  }
  const recording = recordingPath(library.home, flag.session);
  const { flags } = await indexRecording(recording, detectorDirectories(), () => false);
  if (!flags.some(({ id }) => id === flag.id)) return path;
  rmSync(path);
  throw cannot("what is known of it does not tell it from others surely enough");
}

const cannot = (why: string): BodycamError =>
  new BodycamError("bad-usage", `This flag can't be allowed: ${why}.`, {
    hint: "Write a Sigma filter by hand: docs/detectors.md shows how.",
  });
