import { render } from "ink";
import { BodycamError } from "../core/errors.js";
import { Player } from "../replay/player.js";
import { layOut } from "../replay/timeline.js";
import { colorDepth } from "./colorDepth.js";
import { ReplayController } from "./controller.js";
import { screenRows } from "./frameRows.js";
import { FrameWriter } from "./frameWriter.js";
import { InkFrames } from "./inkFrames.js";
import type { AccountInput } from "./plainAccount.js";
import { ReplayApp } from "./ReplayApp.js";
import { guardTerminal } from "./terminalGuard.js";

export interface ReplayOptions extends AccountInput {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd: number };
  readonly env: NodeJS.ProcessEnv;
}

/** How a replay ended: the reviewer left it, or a signal asked us to go, which has not been obeyed yet. */
export type ReplayEnd =
  | { readonly by: "reviewer" }
  | { readonly by: "signal"; readonly signal: NodeJS.Signals };

/**
 * Replays a session on the reviewer's terminal until they leave. Opens paused at the first flag when there is one,
 * else plays from the start. The terminal is given back whatever happens.
 *
 * @throws BodycamError `not-a-terminal` when stdin or stdout is not one.
 */
export async function runReplay(options: ReplayOptions): Promise<ReplayEnd> {
  const { stdin, stdout, source, session } = options;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new BodycamError("not-a-terminal", "A replay needs a terminal to show it on.");
  // At once: what is typed while a long session is opened must not be echoed, nor Ctrl-C end us unasked.
  stdin.setRawMode(true);
  const depth = colorDepth(stdout, options.env);
  const player = new Player(layOut(source, options.flags), source, { now: () => performance.now() * 1000 });

  const writer = new FrameWriter((data) => stdout.write(data));
  let end: (how: ReplayEnd) => void = () => undefined;
  const ended = new Promise<ReplayEnd>((resolve) => {
    end = resolve;
  });
  const size = () => ({ cols: Math.max(2, stdout.columns || 80), rows: Math.max(4, stdout.rows || 24) });
  const controller = new ReplayController(player, session, size(), () => end({ by: "reviewer" }));

  controller.open();
  const frames = new InkFrames(size().cols, (chrome) => {
    const { view, help } = controller.scene();
    writer.draw(help ? chrome : [...screenRows(view, depth), ...chrome]);
  });
  const resized = () => {
    const { cols, rows } = size();
    frames.columns = cols;
    writer.clear();
    controller.resize(cols, rows);
  };
  const continued = () => {
    stdin.setRawMode(true);
    writer.reenter();
    resized();
  };
  const leave = () => end({ by: "reviewer" });
  const unguard = guardTerminal(
    stdin,
    stdout.fd,
    () => writer.farewell,
    (signal) => end({ by: "signal", signal }),
  );
  stdout.on("resize", resized);
  stdout.on("error", leave);
  stdin.on("end", leave);
  process.on("SIGCONT", continued);

  const app = render(<ReplayApp controller={controller} depth={depth} />, {
    stdin,
    stdout: frames as unknown as NodeJS.WriteStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  try {
    return await Promise.race([ended, app.waitUntilExit().then((): ReplayEnd => ({ by: "reviewer" }))]);
  } finally {
    controller.stop();
    writer.leave();
    app.unmount();
    stdin.pause();
    unguard();
    stdout.off("resize", resized);
    stdout.off("error", leave);
    stdin.off("end", leave);
    process.off("SIGCONT", continued);
  }
}
