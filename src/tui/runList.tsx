import { StringDecoder } from "node:string_decoder";
import { render } from "ink";
import { BodycamError } from "../core/errors.js";
import type { SessionId } from "../core/units.js";
import { colorDepth } from "./colorDepth.js";
import { FrameWriter } from "./frameWriter.js";
import { InkFrames } from "./inkFrames.js";
import { InputReader } from "./input.js";
import { ListApp } from "./ListApp.js";
import { type ListChoice, ListController } from "./listController.js";
import type { SessionEntry } from "./listModel.js";
import type { ReplayEnd } from "./runReplay.js";
import { guardTerminal } from "./terminalGuard.js";

/** How often the sessions are looked at anew: live ones go on, and new ones begin. */
const LOOK_EVERY = 2000;
/** On a slow line the bytes of an arrow key may come apart: ESC alone counts as a key when nothing follows. */
const ESCAPE_WAIT = 50;

export interface ListOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd: number };
  readonly env: NodeJS.ProcessEnv;
  /** The sessions as they are now. */
  load(): Promise<readonly SessionEntry[]>;
  /** Shows one of them on the same terminal until the reviewer leaves it. */
  open(id: SessionId): Promise<ReplayEnd>;
}

type Chosen = ListChoice | Extract<ReplayEnd, { by: "signal" }>;

/**
 * Shows the list of sessions on the reviewer's terminal until they leave; sessions that they open come on top, and
 * leaving one comes back to the list as it was. The terminal is given back whatever happens.
 *
 * @throws BodycamError `not-a-terminal` when stdin or stdout is not one, and what `load` throws.
 */
export async function runList(options: ListOptions): Promise<ReplayEnd> {
  const { stdin, stdout } = options;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new BodycamError("not-a-terminal", "A list to choose from needs a terminal to show it on.");
  stdin.setRawMode(true);
  const writer = new FrameWriter((data) => stdout.write(data));
  let choose: (chosen: Chosen) => void = () => undefined;
  const controller = new ListController(
    sizeOf(stdout),
    (choice) => choose(choice),
    () => Date.now() * 1000,
  );
  const unguard = guardTerminal(
    stdin,
    stdout.fd,
    () => writer.farewell,
    (signal) => choose({ by: "signal", signal }),
  );
  try {
    controller.load(await options.load());
    for (;;) {
      const chosen = await new Promise<Chosen>((resolve, reject) => {
        const hide = show(options, controller, writer, (error) => reject(error));
        choose = (choice) => {
          choose = () => undefined;
          if (choice.by === "open") controller.tell("opening …");
          hide();
          resolve(choice);
        };
      });
      if (chosen.by === "leave") return { by: "reviewer" };
      if (chosen.by === "signal") return chosen;
      const end = await opened(options, controller, chosen.id);
      if (end.by === "signal") return end;
      stdin.setRawMode(true);
      // Whoever was opened has given the terminal back.
      writer.reenter();
      controller.load(await options.load());
    }
  } finally {
    writer.leave();
    stdin.setRawMode(false);
    stdin.pause();
    unguard();
  }
}

const sizeOf = (stdout: NodeJS.WriteStream) => ({
  cols: Math.max(2, stdout.columns || 80),
  rows: Math.max(4, stdout.rows || 24),
});

/** Opens a session. That it can't be read is no reason to leave the list. */
async function opened(options: ListOptions, controller: ListController, id: SessionId): Promise<ReplayEnd> {
  try {
    const end = await options.open(id);
    controller.clearMessage();
    return end;
  } catch (error) {
    if (!(error instanceof BodycamError)) throw error;
    controller.tell(error.message);
    return { by: "reviewer" };
  }
}

/** Draws the list and listens to the reviewer; returns how to stop both. */
function show(
  { stdin, stdout, env, load }: ListOptions,
  controller: ListController,
  writer: FrameWriter,
  failed: (error: unknown) => void,
): () => void {
  const { cols, rows } = sizeOf(stdout);
  controller.resize(cols, rows);
  const frames = new InkFrames(cols, (lines) => writer.draw(lines));
  const app = render(<ListApp controller={controller} depth={colorDepth(stdout, env)} />, {
    stdin,
    stdout: frames as unknown as NodeJS.WriteStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });

  const reader = new InputReader();
  const decoder = new StringDecoder();
  let waiting: NodeJS.Timeout | undefined;
  const heard = (data: Buffer | string) => {
    clearTimeout(waiting);
    for (const input of reader.feed(typeof data === "string" ? data : decoder.write(data)))
      controller.input(input);
    if (reader.pending)
      waiting = setTimeout(() => {
        for (const input of reader.flush()) controller.input(input);
      }, ESCAPE_WAIT);
  };
  const resized = () => {
    const size = sizeOf(stdout);
    frames.columns = size.cols;
    writer.clear();
    controller.resize(size.cols, size.rows);
  };
  const continued = () => {
    stdin.setRawMode(true);
    writer.reenter();
    resized();
  };
  const leave = () => controller.leave();
  let loading = false;
  const timer = setInterval(() => {
    if (loading) return;
    loading = true;
    load()
      .then((entries) => controller.load(entries), failed)
      .finally(() => {
        loading = false;
      });
  }, LOOK_EVERY);
  stdin.on("data", heard);
  stdin.on("end", leave);
  stdin.ref();
  stdin.resume();
  stdout.on("resize", resized);
  stdout.on("error", leave);
  process.on("SIGCONT", continued);
  return () => {
    clearInterval(timer);
    clearTimeout(waiting);
    app.unmount();
    stdin.off("data", heard);
    stdin.off("end", leave);
    stdin.pause();
    stdout.off("resize", resized);
    stdout.off("error", leave);
    process.off("SIGCONT", continued);
  };
}
