import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";
import { z } from "zod";
import { BODYCAM } from "../cli/desk.js";
import type { Agent } from "./agents.js";
import { binFolder } from "./install.js";
import { endLeftovers } from "./leftovers.js";
import { CLOSING, openModel } from "./model.js";
import { until } from "./patience.js";
import { MARK, PLACE } from "./place.js";
import { Stage } from "./stage.js";

const START_MS = 40_000;
const WORK_MS = 90_000;
const REST_MS = 30_000;
const LEAVE_MS = 20_000;
const COMMAND_MS = 30_000;
const TASK = "please do the steps";

export interface Scene {
  readonly agent: Agent;
  /** What the model has the agent do: one shell command each. */
  readonly commands: readonly string[];
  /** Off: the agent alone. Quiet: `bodycam run --quiet`. */
  readonly camera: "off" | "quiet" | "on";
  /** Puts things into the home and the working directory before the agent starts; `bin` in the home is on the PATH. */
  readonly prepare?: (home: string, cwd: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real agent at a real terminal, in a home of its own, with the scripted model. Gone after the test. */
export class Rehearsal {
  readonly home: string;
  readonly cwd: string;
  readonly stage: Stage;
  /** Ends everything that was started and takes the home away; happens after the test in any case. */
  readonly close: () => Promise<void>;
  readonly #agent: Agent;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    scene: Scene,
    home: string,
    env: Readonly<Record<string, string>>,
    stage: Stage,
    close: () => Promise<void>,
  ) {
    this.close = close;
    this.#agent = scene.agent;
    this.home = home;
    this.cwd = join(home, "work");
    this.#env = env;
    this.stage = stage;
  }

  /** Starts the agent; it can be typed to when this resolves. */
  static async start(scene: Scene): Promise<Rehearsal> {
    const { agent } = scene;
    // The same path for the same agent every time: some show it.
    const home = join(PLACE, "homes", `${agent.name}-${process.env.VITEST_POOL_ID ?? "0"}`);
    const cwd = join(home, "work");
    const backstage = mkdtempSync(join(tmpdir(), "bodycam-rehearsal-"));
    const mark = `${inject("run")}${randomUUID()}`;
    const clear = async () => {
      await endLeftovers(mark);
      for (const dir of [home, backstage]) await removed(dir);
    };
    onTestFinished(clear);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(cwd, { recursive: true });
    execFileSync("git", ["init", "-q", cwd]);
    const base = {
      PATH: [join(home, "bin"), binFolder(agent), dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
      HOME: home,
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      [MARK]: mark,
    };
    const model = await openModel(scene.commands, backstage, base);
    for (const [path, text] of Object.entries(agent.files(model, cwd))) write(join(home, path), text);
    scene.prepare?.(home, cwd);
    const env = { ...base, ...agent.env(model), ...scene.env };
    const stage = await Stage.open({ argv: commandOf(scene), cwd, env, backstage });
    await stage.until(agent.ready, START_MS);
    await stage.settled(REST_MS);
    return new Rehearsal(scene, home, base, stage, clear);
  }

  /** Gives the agent its task. @returns the screen when all is done */
  async work(): Promise<string> {
    await this.stage.type(TASK);
    await this.stage.until(new RegExp(TASK), START_MS);
    await this.stage.press("Enter");
    await this.stage.until(new RegExp(CLOSING), WORK_MS);
    return this.stage.settled(REST_MS);
  }

  /** Ends the agent as a person does who is done. @returns its exit status */
  async leave(): Promise<number> {
    await this.stage.type(this.#agent.quit);
    await this.stage.until(new RegExp(this.#agent.quit), START_MS);
    await this.stage.press("Enter");
    return until(
      `${this.#agent.name} to end`,
      LEAVE_MS,
      () => this.stage.status,
      () => this.stage.screen(),
    );
  }

  /** Where the recording of the session is. */
  async recording(): Promise<string> {
    const shown = JSON.parse((await this.bodycam("show", "--json")).toString());
    return z.object({ recording: z.object({ path: z.string() }) }).parse(shown).recording.path;
  }

  /** Runs `bodycam ARGS` as in another terminal of the same person. @returns what it printed */
  async bodycam(...args: readonly string[]): Promise<Buffer> {
    const options = { env: this.#env, timeout: COMMAND_MS, encoding: "buffer", maxBuffer: 2 ** 28 } as const;
    const { stdout } = await promisify(execFile)(process.execPath, [BODYCAM, ...args], options);
    return stdout;
  }
}

function commandOf({ agent, camera }: Scene): readonly string[] {
  const bodycam = [process.execPath, BODYCAM, "run"];
  switch (camera) {
    case "off":
      return agent.argv;
    case "quiet":
      return [...bodycam, "--quiet", "--", ...agent.argv];
    case "on":
      return [...bodycam, "--", ...agent.argv];
  }
}

/** A process that was killed just now may still be finishing a write. */
function removed(dir: string): Promise<true> {
  return until(`${dir} to be removed`, REST_MS, () => {
    try {
      rmSync(dir, { recursive: true, force: true });
      return true;
    } catch {
      return undefined;
    }
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
