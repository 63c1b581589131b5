import type { Command } from "commander";
import { removeCatalogue } from "../../catalogue/database.js";
import { homeOf } from "../../core/home.js";
import { Library } from "../../session/library.js";
import { keepReviewEnds } from "../../session/reviews.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { reportUnreadable } from "../openLibrary.js";
import { progressLine } from "../progressLine.js";

export function addRebuild(program: Command): void {
  program
    .command("rebuild")
    .summary("make the catalogue anew from the recordings")
    .description(
      "Throws the catalogue away and makes it again: every recording is read, looked at by the detectors, and made searchable.",
    )
    .addHelpText("after", "\nExample:\n  bodycam rebuild")
    .action(rebuild);
}

async function rebuild(): Promise<void> {
  const home = homeOf(process.env, process.platform);
  const restoreReviewEnds = keepReviewEnds(home);
  removeCatalogue(home.catalogue);
  const library = new Library(home, detectorDirectories());
  restoreReviewEnds(library.catalogue);
  const progress = progressLine("reading recordings");
  const unreadable = await library.rebuild(progress.update);
  progress.end();
  // What can't be read was told of just now.
  const texts = progressLine("reading their text");
  await library.readTexts(texts.update);
  texts.end();
  const count = library.catalogue.sessions().length;
  library.close();
  reportUnreadable(unreadable);
  process.stderr.write(`bodycam: the catalogue holds ${count} ${count === 1 ? "session" : "sessions"}.\n`);
  if (unreadable.length > 0) process.exitCode = 1;
}
