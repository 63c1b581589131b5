import { Command, CommanderError } from "commander";
import { addCat } from "./commands/cat.js";
import { addCompletion } from "./commands/completion.js";
import { addDoctor } from "./commands/doctor.js";
import { addFinish } from "./commands/finish.js";
import { addFlags } from "./commands/flags.js";
import { addList } from "./commands/list.js";
import { addRebuild } from "./commands/rebuild.js";
import { addReplay } from "./commands/replay.js";
import { addRun } from "./commands/run.js";
import { addShow } from "./commands/show.js";
import { addVerify } from "./commands/verify.js";
import { failureOf } from "./fail.js";
import { VERSION } from "./version.js";

const USAGE_STATUS = 2;

/** Runs bodycam with the arguments of this process. Sets the exit status. */
export async function main(): Promise<void> {
  // A reader that goes away (`bodycam list | head -1`) ends us quietly, as it would any program.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_STATUS;
      return;
    }
    const failure = failureOf(error);
    process.stderr.write(`${failure.text}\n`);
    process.exitCode = failure.status;
  }
}

/** The whole command line. */
export function program(): Command {
  const bodycam = new Command("bodycam")
    .description(
      "A body camera for AI agents: records what an agent does, flags dangerous moments, replays them.",
    )
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`bodycam: ${text.replace(/^error: /, "")}`) })
    .showHelpAfterError("(bodycam --help shows how it is used)")
    .addHelpText(
      "after",
      `
Examples:
  bodycam run -- codex        record an agent at work
  bodycam list                what has been recorded
  bodycam replay              watch the latest session again, from flag to flag

Recordings are kept in $BODYCAM_HOME (default: ~/.local/share/bodycam). Nothing is sent anywhere.`,
    );
  const commands = [
    addRun,
    addList,
    addShow,
    addFlags,
    addReplay,
    addCat,
    addVerify,
    addRebuild,
    addDoctor,
    addCompletion,
    addFinish,
  ];
  for (const add of commands) add(bodycam);
  for (const command of bodycam.commands) command.exitOverride().copyInheritedSettings(bodycam);
  return bodycam;
}
