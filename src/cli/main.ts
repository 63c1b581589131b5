import { Command, CommanderError } from "commander";
import { failureOf } from "./fail.js";
import { VERSION } from "./version.js";

const USAGE_STATUS = 2;

/** Every command, in the order of the help. Only the one that is asked for is loaded: an agent is to start at once. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  run: async () => (await import("./commands/run.js")).addRun,
  list: async () => (await import("./commands/list.js")).addList,
  show: async () => (await import("./commands/show.js")).addShow,
  flags: async () => (await import("./commands/flags.js")).addFlags,
  replay: async () => (await import("./commands/replay.js")).addReplay,
  search: async () => (await import("./commands/search.js")).addSearch,
  review: async () => (await import("./commands/review.js")).addReview,
  cat: async () => (await import("./commands/cat.js")).addCat,
  import: async () => (await import("./commands/import.js")).addImport,
  export: async () => (await import("./commands/export.js")).addExport,
  verify: async () => (await import("./commands/verify.js")).addVerify,
  stamp: async () => (await import("./commands/stamp.js")).addStamp,
  scan: async () => (await import("./commands/scan.js")).addScan,
  rules: async () => (await import("./commands/rules.js")).addRules,
  rebuild: async () => (await import("./commands/rebuild.js")).addRebuild,
  doctor: async () => (await import("./commands/doctor.js")).addDoctor,
  completion: async () => (await import("./commands/completion.js")).addCompletion,
  finish: async () => (await import("./commands/finish.js")).addFinish,
};

/** Runs bodycam with the arguments of this process. Sets the exit status. */
export async function main(): Promise<void> {
  // A reader that goes away (`bodycam list | head -1`) ends us quietly, as it would any program.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  try {
    await (await program(process.argv[2])).parseAsync();
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

/** The command line, with the command `asked` alone when there is one of that name. */
async function program(asked: string | undefined): Promise<Command> {
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
  // While the rest loads: the agent's start waits for this thread.
  if (asked === "run") (await import("../session/observing/thread.js")).startThreadEarly();
  const only = asked === undefined || asked === "completion" ? undefined : COMMANDS[asked];
  for (const load of only === undefined ? Object.values(COMMANDS) : [only]) (await load())(bodycam);
  for (const command of bodycam.commands) command.exitOverride().copyInheritedSettings(bodycam);
  return bodycam;
}
