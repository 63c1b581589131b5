import type { Command } from "commander";
import { BodycamError } from "../../core/errors.js";
import { writeInput, writeOutput } from "../../recording/content.js";
import { openRecording } from "../../recording/reader.js";
import { findRecording } from "../findRecording.js";

export function addCat(program: Command): void {
  program
    .command("cat")
    .summary("the recorded bytes, exactly, to a pipe or file")
    .description(
      "Writes what the agent wrote to its terminal, byte for byte. Never to a terminal: use replay there.",
    )
    .argument("[id]", "the session's id, the beginning of it, or the path of a recording")
    .option("--input", "write what was sent to the agent instead (masked passwords are not in it)")
    .addHelpText("after", "\nExamples:\n  bodycam cat > session.raw\n  bodycam cat 1f3a | strings | less")
    .action(cat);
}

async function cat(id: string | undefined, options: { readonly input?: true }): Promise<void> {
  if (process.stdout.isTTY) {
    throw new BodycamError(
      "not-a-terminal",
      "Recorded bytes are not written to a terminal, which they could take over.",
      {
        hint: "Send them to a file or a pipe, or use: bodycam replay",
      },
    );
  }
  const path = await findRecording(id);
  const write = options.input ? writeInput : writeOutput;
  await write(openRecording(path), 1);
}
