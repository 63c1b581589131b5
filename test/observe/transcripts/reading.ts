import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolFact } from "../../../src/core/observation.js";
import type { Agent } from "../../../src/observe/transcripts/agent.js";
import { JsonLines } from "../../../src/observe/transcripts/jsonLines.js";

export const fixturePath = (name: string): string => join(import.meta.dirname, "fixtures", name);

export const fixture = (name: string): Buffer => readFileSync(fixturePath(name));

/** The facts that a fresh reader of the agent tells of these bytes. */
export function factsOf(agent: Agent, bytes: Uint8Array): ToolFact[] {
  const read = agent.reader();
  const facts: ToolFact[] = [];
  const lines = new JsonLines((record) => facts.push(...read(record).map((told) => told.fact)));
  lines.push(bytes);
  lines.end();
  return facts;
}

/** A fact in a few words. */
export const brief = (fact: ToolFact): string =>
  fact.what === "call"
    ? `${fact.call} ${fact.tool}: ${fact.command ?? `[${fact.paths.join(" ")}]`}`
    : `${fact.call} ${fact.failed ? "failed" : "ok"}: ${fact.output.trim().split("\n").at(-1)}`;
