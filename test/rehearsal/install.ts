import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Agent } from "./agents.js";
import { PLACE } from "./place.js";

const LIMIT_MS = 300_000;

const folder = (agent: Agent): string => join(PLACE, "agents", agent.package.replaceAll("/", "+"));

/** Where an agent's command is, once installed. */
export const binFolder = (agent: Agent): string => join(folder(agent), "node_modules", ".bin");

/**
 * Installs an agent with npm into a folder of its own, unless it is there. Half an installation is taken away again.
 * @returns what went wrong, undefined when it is in place
 */
export async function install(agent: Agent): Promise<string | undefined> {
  const whole = join(folder(agent), "whole");
  if (existsSync(whole)) return undefined;
  rmSync(folder(agent), { recursive: true, force: true });
  mkdirSync(folder(agent), { recursive: true });
  const run = promisify(execFile);
  try {
    const options = { cwd: folder(agent), timeout: LIMIT_MS };
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", "--prefix", folder(agent), ...quiet, agent.package], options);
    await run(join(binFolder(agent), agent.name), ["--version"], options);
    mkdirSync(whole);
    return undefined;
  } catch (error) {
    rmSync(folder(agent), { recursive: true, force: true });
    return error instanceof Error ? error.message : String(error);
  }
}
