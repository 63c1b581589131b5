import { basename } from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { SessionEvent } from "../../src/core/event.js";
import { openRecording } from "../../src/recording/reader.js";
import { AGENTS } from "./agents.js";
import { Rehearsal } from "./rehearsal.js";
import { prepareSteps, STEPS } from "./scenario.js";

const missing = inject("missing");

interface Account {
  /** The commands that the agent's own transcript tells of, in order. */
  readonly told: readonly string[];
  /** The argument lists that the kernel saw, in order. */
  readonly ran: readonly (readonly string[])[];
  /** The sources that had failed when the session was over. */
  readonly failed: readonly string[];
}

/** What the recording holds of commands, from the transcript and from the kernel. */
function accountOf(events: Iterable<SessionEvent>): Account {
  const told: string[] = [];
  const ran: (readonly string[])[] = [];
  const sources = new Map<string, string>();
  for (const event of events) {
    if (event.kind !== "observation") continue;
    const { source, fact } = event.observation;
    if (source === "coverage") sources.set(fact.source, fact.state);
    if (source === "tool" && fact.what === "call" && fact.command !== undefined) told.push(fact.command);
    if (source === "process" && fact.what === "exec")
      ran.push([basename(fact.argv[0] ?? ""), ...fact.argv.slice(1)]);
  }
  const failed = [...sources.keys()].filter((name) => sources.get(name) === "failed");
  return { told, ran, failed };
}

/**
 * The programs of the steps that are not in `ran`: each step's are searched for behind those of the step before. Within
 * a step the order is the scheduler's: the parts of a pipeline start together.
 */
function notRun(ran: readonly (readonly string[])[]): readonly string[] {
  const lines = ran.map((argv) => JSON.stringify(argv));
  const missed: string[] = [];
  let from = 0;
  for (const { execs } of STEPS) {
    const places = execs.map((argv) => lines.indexOf(JSON.stringify(argv), from));
    missed.push(...execs.filter((_, i) => (places[i] ?? -1) < 0).map((argv) => argv.join(" ")));
    from = Math.max(from - 1, ...places) + 1;
  }
  return missed;
}

describe.each(Object.values(AGENTS))("ten commands of $name", (agent) => {
  test.skipIf(missing[agent.name])("are all in the recording, as told and as run", async () => {
    const rehearsal = await Rehearsal.start({
      agent,
      commands: STEPS.map(({ command }) => command),
      camera: "on",
      prepare: prepareSteps,
    });
    const screen = await rehearsal.work();
    expect(await rehearsal.leave()).toBe(0);
    // What the person sees at the end of it all.
    expect(await rehearsal.stage.screen()).toMatch(
      new RegExp(`^● bodycam: ${agent.name} ended well \\(0\\); .+ recorded as session [0-9a-f]{8}$`, "m"),
    );
    const recording = openRecording(await rehearsal.recording());
    const { told, ran, failed } = accountOf(recording.events());
    recording.close();
    expect(told).toEqual(STEPS.map(({ command }) => command));
    expect(notRun(ran)).toEqual([]);
    expect(failed).toEqual([]);
    if (agent.name === "claude") expect(screen).not.toContain("ls -la docs");
  });
});
