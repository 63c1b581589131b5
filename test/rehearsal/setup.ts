import type { TestProject } from "vitest/node";
import { AGENTS, type AgentName } from "./agents.js";
import { install } from "./install.js";
import { endAtOnce } from "./leftovers.js";
import { modelIsThere } from "./model.js";

declare module "vitest" {
  interface ProvidedContext {
    /** What the marks of this rehearsal's processes begin with. */
    readonly run: string;
    /** By agent: why it can't be rehearsed; undefined when it can. */
    readonly missing: Readonly<Partial<Record<AgentName, string>>>;
  }
}

/** Installs the agents, all at once. What can't be installed is said here, and its tests are skipped. */
export default async function setup(project: TestProject): Promise<void> {
  const missing: Partial<Record<AgentName, string>> = {};
  const started = Date.now();
  await Promise.all(
    Object.values(AGENTS).map(async (agent) => {
      const trouble = modelIsThere
        ? await install(agent)
        : "the scripted model (../shared/rehearsal) is not here";
      if (trouble === undefined) return;
      missing[agent.name] = trouble;
      console.error(`rehearsal: ${agent.name} is left out: ${trouble}`);
    }),
  );
  console.error(`rehearsal: agents in place after ${Math.round((Date.now() - started) / 1000)} s`);
  project.provide("missing", missing);
  const run = `${process.pid}-`;
  project.provide("run", run);
  // A rehearsal that is ended early leaves nothing behind either.
  process.on("exit", () => endAtOnce(run));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      endAtOnce(run);
      process.exit(1);
    });
  }
}
