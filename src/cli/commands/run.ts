import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import type { Command } from "commander";
import { displayText } from "../../core/displayText.js";
import { BodycamError, messageOf } from "../../core/errors.js";
import type { Exit, SessionMeta } from "../../core/event.js";
import { homeOf } from "../../core/home.js";
import { agentName } from "../../core/sessionSummary.js";
import { type SessionId, shortId } from "../../core/units.js";
import { OBSERVE_MODES, type ObserveMode } from "../../observe/processes/tracing.js";
import { UserTerminal } from "../../pty/userTerminal.js";
import { loadSigner } from "../../recording/keys.js";
import type { Trouble } from "../../recording/trouble.js";
import { Camera, type CameraOptions, type Recorded } from "../../session/camera.js";
import { findCommand } from "../../session/findCommand.js";
import { CAMERA_VARIABLE, cameraMark, surroundingSession } from "../../session/nested.js";
import { Observers } from "../../session/observing/observers.js";
import { dropThread } from "../../session/observing/thread.js";
import { runPlainly } from "../../session/runPlainly.js";
import { bringsData } from "../../session/stdinPipe.js";
import { detectorDirectories } from "../detectorDirectories.js";
import { failureOf } from "../fail.js";
import { finishRecording } from "../finishRecording.js";
import { Painter } from "../terminalText.js";
import { troubleText } from "../troubleText.js";
import { userName } from "../userName.js";
import { VERSION } from "../version.js";

const DEFAULT_SIZE = { cols: 80, rows: 24, xpixel: 0, ypixel: 0 };
const DEFAULT_TERM = "xterm-256color";

interface RunOptions {
  readonly quiet?: true;
  readonly sessionFile?: string;
  readonly recordPasswords?: true;
  readonly alerts: boolean;
  readonly observe: ObserveMode;
}

export function addRun(program: Command): void {
  program
    .command("run")
    .summary("record a command: bodycam run -- codex")
    .description("Runs CMD in a terminal of its own and records everything: output, keys, resizes, signals.")
    .argument("[command...]", "the command to run, and its arguments")
    .option("-q, --quiet", "print nothing before and after")
    .option("--session-file <file>", "write the session's id to this file at the start")
    .option("--record-passwords", "also record what is typed at password prompts (masked otherwise)")
    .option("--no-alerts", "neither bell nor notification when something is flagged")
    .addOption(
      program
        .createOption("--observe <how>", "how closely to look behind the terminal")
        .choices(OBSERVE_MODES)
        .default("auto"),
    )
    .passThroughOptions()
    .addHelpText(
      "after",
      `
Examples:
  bodycam run -- codex
  bodycam run -- claude --dangerously-skip-permissions
  bodycam run --observe process -- bash   # for a session that needs sudo or gdb
  git diff | bodycam run -- claude -p "review this"

What --observe takes:
  auto     programs, connections, deletes and renames with strace where it works (else from the process table),
           sensitive files with inotify, and the agent's own transcript; the default
  full     also every file that is opened, which costs more
  process  no strace: sudo, debuggers and other tracers work inside; short-lived programs can be missed
  off      only the terminal

The exit status is that of CMD (128+n when a signal ended it); 125: the camera could not start,
126: CMD can't be run, 127: CMD was not found.`,
    )
    .action(async (command: string[], options: RunOptions) => {
      process.exit(await run(command, options));
    });
}

async function run(command: readonly string[], options: RunOptions): Promise<number> {
  const say = (line: string): void => {
    if (!options.quiet) process.stderr.write(`${line}\n`);
  };
  try {
    const [name] = command;
    if (name === undefined) {
      throw new BodycamError("bad-usage", "There is no command to record.", {
        hint: "Give one: bodycam run -- codex",
      });
    }
    const file = findCommand(name, process.env, process.cwd());
    const around = surroundingSession(process.env);
    if (around !== undefined) {
      dropThread();
      say(`bodycam: session ${shortId(around)} is already recording here; this command is part of it.`);
      return statusOf(await runPlainly(file, command));
    }
    return await record(file, command, options, say);
  } catch (error) {
    const failure = failureOf(error, !(error instanceof BodycamError && error.code === "bad-usage"));
    process.stderr.write(`${failure.text}\n`);
    return failure.status;
  }
}

async function record(
  file: string,
  command: readonly string[],
  options: RunOptions,
  say: (line: string) => void,
): Promise<number> {
  const home = homeOf(process.env, process.platform);
  const session = randomUUID() as string as SessionId;
  const paint = new Painter(process.stderr);
  const signer = loadSigner(home.dir);
  if (options.sessionFile !== undefined) writeSessionFile(options.sessionFile, session);
  const env = environment();
  const cwd = process.cwd();
  const observers = await Observers.prepare({
    mode: options.observe,
    command,
    cwd,
    env,
    mark: { name: CAMERA_VARIABLE, value: cameraMark(session, process.pid) },
    home: env.HOME || homedir(),
    bodycamHome: home.dir,
    detectors: detectorDirectories(),
  });
  const user = new UserTerminal();
  const meta = metaOf(command, user);
  say(
    `${paint.paint("●", "red")} bodycam: recording ${agentName(meta)} as session ${paint.paint(shortId(session), "bold")}`,
  );
  const troubles: Trouble[] = [];
  const camera = startCamera(user, {
    home,
    session,
    signer,
    meta,
    file,
    env,
    detectors: detectorDirectories(),
    observers,
    maskPasswords: options.recordPasswords !== true,
    alerts: options.alerts,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  const crashed = (error: unknown): never => {
    camera.emergency();
    process.stderr.write(`\r\n${failureOf(error, true).text}\r\n`);
    process.exit(125);
  };
  process.on("uncaughtException", crashed);
  process.on("unhandledRejection", crashed);
  const recorded: Recorded = await camera.done();
  for (const remark of recorded.remarks) process.stderr.write(`bodycam: ${displayText(remark)}\n`);
  for (const trouble of troubles) process.stderr.write(`${troubleText(trouble)}\n`);
  await finishRecording({ home, session, recorded, meta, say, paint });
  return statusOf(recorded.exit);
}

function startCamera(user: UserTerminal, options: CameraOptions): Camera {
  try {
    return new Camera(user, options);
  } catch (error) {
    options.observers.abandon();
    throw error;
  }
}

function metaOf(command: readonly string[], user: UserTerminal): SessionMeta {
  const size = user.size();
  return {
    command,
    cwd: process.cwd(),
    term: process.env.TERM || DEFAULT_TERM,
    size: size === undefined || size.cols === 0 || size.rows === 0 ? DEFAULT_SIZE : size,
    user: userName(),
    host: hostname(),
    platform: process.platform,
    recorder: { version: VERSION, pid: process.pid },
    terminal: { stdin: user.input === "terminal", stdout: user.output === "terminal" },
    stdin: bringsData(user.input) ? "pipe" : "terminal",
  };
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

function writeSessionFile(file: string, session: SessionId): void {
  try {
    writeFileSync(file, `${session}\n`);
  } catch (cause) {
    throw new BodycamError(
      "camera-start",
      `The session file ${file} can't be written (${messageOf(cause)}).`,
      {
        hint: "Give --session-file a path in a directory that you may write to.",
        cause,
      },
    );
  }
}

function statusOf(exit: Exit): number {
  switch (exit.by) {
    case "exit":
      return exit.code;
    case "signal":
      return 128 + exit.number;
    case "unknown":
      return 125;
  }
}
