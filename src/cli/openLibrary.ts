import { displayText } from "../core/displayText.js";
import { messageOf } from "../core/errors.js";
import { homeOf } from "../core/home.js";
import { shortId } from "../core/units.js";
import { Library, type Unreadable } from "../session/library.js";
import { detectorDirectories } from "./detectorDirectories.js";
import { progressLine } from "./progressLine.js";

/** The library of the user's home, brought up to date. Problems with single recordings are told on stderr. */
export async function openLibrary(): Promise<Library> {
  const library = new Library(homeOf(process.env, process.platform), detectorDirectories());
  const progress = progressLine("reading recordings");
  reportUnreadable(await library.refresh(progress.update));
  progress.end();
  return library;
}

export function reportUnreadable(unreadable: readonly Unreadable[]): void {
  for (const { id, error } of unreadable) {
    process.stderr.write(`bodycam: session ${shortId(id)} can't be read: ${displayText(messageOf(error))}\n`);
  }
}
