import { render } from "ink";
import { BodycamError } from "../core/errors.js";
import type { OpenReplay } from "../replay/openReplay.js";
import { Player, type WatchClock } from "../replay/player.js";
import { colorDepth } from "./colorDepth.js";
import { type Beginning, ReplayController, type Reviewed } from "./controller.js";
import { screenRows } from "./frameRows.js";
import { FrameWriter } from "./frameWriter.js";
import { InkFrames } from "./inkFrames.js";
import { InputReader } from "./input.js";
import { ReplayApp } from "./ReplayApp.js";
import { guardTerminal } from "./terminalGuard.js";

export interface ReplayOptions extends Reviewed {
  /** Opens what is to be replayed; again when what it went on turned out to be wrong. */
  readonly open: () => OpenReplay;
  readonly begin?: Beginning;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd: number };
  readonly env: NodeJS.ProcessEnv;
}

/** How a replay ended: the reviewer left it, or a signal asked us to go, which has not been obeyed yet. */
export type ReplayEnd =
  | { readonly by: "reviewer" }
  | { readonly by: "signal"; readonly signal: NodeJS.Signals };

/** A replay that has to begin anew at a place, since what it showed can't be relied on. */
interface Anew {
  readonly by: "stale";
  readonly begin: Beginning;
}

const CLOCK: WatchClock = { now: () => performance.now() * 1000 };

/** On a slow line the bytes of an arrow key may come apart: ESC alone counts as a key when nothing follows. */
const ESCAPE_WAIT = 50;

/** Something that happened to the terminal: who is told of it changes with the replay that is shown. */
interface Screenful {
  readonly input: (data: string) => void;
  readonly resized: () => void;
  readonly redraw: () => void;
  readonly end: (how: ReplayEnd) => void;
}

/**
 * Replays a session on the reviewer's terminal until they leave. Opens paused at the first flag when there is one,
 * else plays from the start, unless it is told where to begin. The terminal is given back whatever happens.
 *
 * @throws BodycamError `not-a-terminal` when stdin or stdout is not one, and what `open` throws.
 */
export async function runReplay(options: ReplayOptions): Promise<ReplayEnd> {
  const { stdin, stdout } = options;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new BodycamError("not-a-terminal", "A replay needs a terminal to show it on.");
  // At once: what is typed while a long session is opened must not be echoed, nor Ctrl-C end us unasked.
  stdin.setRawMode(true);
  const writer = new FrameWriter((data) => stdout.write(data));
  let shown: Screenful | undefined;
  let left: ReplayEnd | undefined;
  const leave = (how: ReplayEnd) => {
    left = how;
    shown?.end(how);
  };
  const unguard = guardTerminal(
    stdin,
    stdout.fd,
    () => writer.farewell,
    (signal) => leave({ by: "signal", signal }),
  );
  const listeners = {
    resize: () => {
      writer.clear();
      shown?.resized();
    },
    drain: () => shown?.redraw(),
    gone: () => leave({ by: "reviewer" }),
    data: (data: Buffer) => shown?.input(data.toString("utf8")),
    continued: () => {
      stdin.setRawMode(true);
      writer.reenter();
      listeners.resize();
    },
  };
  stdout.on("resize", listeners.resize);
  stdout.on("drain", listeners.drain);
  stdout.on("error", listeners.gone);
  stdin.on("end", listeners.gone);
  stdin.on("data", listeners.data);
  // Whoever had the terminal before, such as the list, may have stopped its input.
  stdin.resume();
  process.on("SIGCONT", listeners.continued);
  try {
    let { begin } = options;
    let notice: string | undefined;
    for (;;) {
      const end = await showReplay(options, begin, notice, writer, (screenful) => {
        shown = screenful;
        if (left !== undefined) screenful.end(left);
      });
      if (end.by !== "stale") return end;
      begin = end.begin;
      notice = "kept screens did not match the recording: made anew";
    }
  } finally {
    writer.leave();
    stdin.pause();
    unguard();
    stdout.off("resize", listeners.resize);
    stdout.off("drain", listeners.drain);
    stdout.off("error", listeners.gone);
    stdin.off("end", listeners.gone);
    stdin.off("data", listeners.data);
    process.off("SIGCONT", listeners.continued);
  }
}

/** One replay from its opening to its end; `shows` is given what it is to be told of the terminal. */
async function showReplay(
  options: ReplayOptions,
  begin: Beginning | undefined,
  notice: string | undefined,
  writer: FrameWriter,
  shows: (screenful: Screenful) => void,
): Promise<ReplayEnd | Anew> {
  const { stdout } = options;
  const depth = colorDepth(stdout, options.env);
  const replay = options.open();
  const player = new Player(replay.timeline, replay.source, CLOCK, replay.keyframes);
  let end: (how: ReplayEnd | Anew) => void = () => undefined;
  const ended = new Promise<ReplayEnd | Anew>((resolve) => {
    end = resolve;
  });
  const size = () => ({ cols: Math.max(2, stdout.columns || 80), rows: Math.max(4, stdout.rows || 24) });
  const quit = () => end({ by: "reviewer" });
  const session = { ...options.session, ...(notice === undefined ? {} : { notice }) };
  const controller = new ReplayController(player, replay, { ...options, session }, CLOCK, size(), quit);
  replay.background.subscribe(({ stale }) => {
    if (stale) end({ by: "stale", begin: { seq: replay.timeline.index.seq(player.state.place.event) } });
  });

  let chrome: readonly string[] = [];
  // A terminal that does not keep up is not sent more: frames are left out, and the latest is drawn when it has.
  const draw = () => {
    if (stdout.writableNeedDrain) return;
    const { view, help } = controller.scene();
    writer.draw(help ? chrome : [...screenRows(view, depth), ...chrome]);
  };
  const frames = new InkFrames(size().cols, (rows) => {
    chrome = rows;
    draw();
  });
  const reader = new InputReader();
  let waiting: NodeJS.Timeout | undefined;
  shows({
    input: (data) => {
      clearTimeout(waiting);
      for (const input of reader.feed(data)) controller.input(input);
      if (!reader.pending) return;
      waiting = setTimeout(() => {
        for (const input of reader.flush()) controller.input(input);
      }, ESCAPE_WAIT);
    },
    resized: () => {
      const { cols, rows } = size();
      frames.columns = cols;
      controller.resize(cols, rows);
    },
    redraw: draw,
    end,
  });
  controller.open(begin);
  const app = render(<ReplayApp controller={controller} depth={depth} />, {
    stdin: options.stdin,
    stdout: frames as unknown as NodeJS.WriteStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  try {
    return await ended;
  } finally {
    clearTimeout(waiting);
    controller.stop();
    app.unmount();
    replay.close();
  }
}
