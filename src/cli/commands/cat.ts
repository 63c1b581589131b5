import type { Command } from "commander";
import { BodycamError } from "../../core/errors.js";
import { writeInput, writeOutput, writeTranscripts } from "../../recording/content.js";
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
    .option("--transcript", "write the agent's own transcript instead, as it was when the session ended")
    .addHelpText(
      "after",
      `
Examples:
  bodycam cat > session.raw
  bodycam cat 1f3a | strings | less
  bodycam cat --transcript 1f3a > rollout.jsonl

An agent's transcript is what it keeps itself of a session, in its own format. Those of subagents follow that of the
agent; \`bodycam show --json\` lists them.`,
    )
    .action(cat);
}

interface CatOptions {
  readonly input?: true;
  readonly transcript?: true;
}

async function cat(id: string | undefined, options: CatOptions): Promise<void> {
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
  if (options.transcript) {
    if ((await writeTranscripts(openRecording(path), 1)) > 0) return;
    throw new BodycamError("no-session", "The recording holds no transcript of an agent.", {
      hint: "Transcripts of Codex, Claude Code, Gemini CLI and opencode are kept. bodycam show tells what was found.",
    });
  }
  const write = options.input ? writeInput : writeOutput;
  await write(openRecording(path), 1);
}
