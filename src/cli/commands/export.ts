import type { Command } from "commander";
import { BodycamError } from "../../core/errors.js";

interface ExportOptions {
  readonly output?: string;
  readonly format?: string;
  readonly at?: string;
  readonly flag?: string;
  readonly force?: true;
}

export function addExport(program: Command): void {
  program
    .command("export")
    .summary("a session in another program's form")
    .description("Writes a session to a file that other programs read. Without an ID, the latest.")
    .argument("[id...]", "sessions: ids, or the beginnings of them, or paths of recordings")
    .option("-o, --output <file>", 'where to write to ("-": standard output, to a pipe)')
    .option("--format <format>", "what to write")
    .option("--at <time>", "for a still: the moment, such as 12.5, 1:02 or 1:02:03")
    .option("--flag <id>", "for a still: the moment of this flag")
    .option("--force", "replace a file that is there already")
    .action(exportSessions);
}

async function exportSessions(ids: readonly string[], options: ExportOptions): Promise<void> {
  if (options.format === undefined) return exportBundle(ids, options);
  throw new BodycamError("bad-usage", `There is no format "${options.format}".`);
}

/** The place of the bundle: what `export` writes when no --format is given. */
async function exportBundle(_ids: readonly string[], _options: ExportOptions): Promise<void> {
  throw new BodycamError("bad-usage", "Say what to write.", { hint: "Give --format." });
}
