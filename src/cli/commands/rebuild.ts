import type { Command } from "commander";
import { removeCatalogue } from "../../catalogue/catalogue.js";
import { homeOf } from "../../core/home.js";
import { Library } from "../../session/library.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { reportUnreadable } from "../openLibrary.js";
import { progressLine } from "../progressLine.js";

export function addRebuild(program: Command): void {
  program
    .command("rebuild")
    .summary("make the catalogue anew from the recordings")
    .description(
      "Throws the catalogue away and makes it again: every recording is read, and looked at by the detectors.",
    )
    .addHelpText("after", "\nExample:\n  bodycam rebuild")
    .action(rebuild);
}

async function rebuild(): Promise<void> {
  const home = homeOf(process.env, process.platform);
  removeCatalogue(home.catalogue);
  const library = new Library(home, detectorDirectories());
  const progress = progressLine("reading recordings");
  const unreadable = await library.rebuild(progress.update);
  progress.end();
  const count = library.catalogue.sessions().length;
  library.close();
  reportUnreadable(unreadable);
  process.stderr.write(`bodycam: the catalogue holds ${count} ${count === 1 ? "session" : "sessions"}.\n`);
  if (unreadable.length > 0) process.exitCode = 1;
}
